import {
  PART_LINKS_MAX,
  PART_MIN_BYTES,
  PRESIGNED_MAX_BYTES,
  UPLOAD_LINK_SECONDS,
  UPLOADS_PREFIX,
  type PartLinks,
  type PartsQuery,
  type TaskFile,
  type UploadResponse,
} from '../../contract/index.ts';
import {
  allDone,
  isTerminal,
  jobIdOfRequest,
  newJob,
  sourceKey,
  type CutRule,
  type Ids,
  type Job,
  type PresignedSource,
  type ReadOptions,
  type Tolerance,
} from '../../engine/index.ts';
import { computeExpiry } from '../expiry.ts';
import { computeDigest } from '../digest.ts';
import { fileTooLarge, keyReused, noSuchPart, notInParts, partsMissing, uploadNotOpen } from '../errors.ts';
import { choosePartBytes, findPartFaults, planParts, type PartPlan } from './parts.ts';
import type { PresignedUploads } from '../ports/uploads.ts';
import { readFileJob } from '../file/read-file-job.ts';
import { readTaskFile, type TaskFilePorts } from '../file/to-task-file.ts';

export interface PresignPorts extends TaskFilePorts {
  readonly presigned: PresignedUploads;
}

export interface PresignRequest {
  readonly tenant: string;
  readonly fileName: string;
  /** The size of the whole file. */
  readonly bytes: number;
  readonly tolerance?: Tolerance;
  readonly options?: ReadOptions;
  readonly idempotencyKey?: string;
}

/**
 * Creates a task file whose content follows later, and signs the URLs for it. Repeated requests with the same
 * idempotency key create one task file, and get URLs until the content has arrived.
 * @throws TaskError FILE_TOO_LARGE, IDEMPOTENCY_KEY_REUSED
 */
export async function presignTaskFile(
  ports: PresignPorts & { readonly ids: Ids; readonly cut: CutRule },
  request: PresignRequest,
): Promise<UploadResponse> {
  const { tenant, fileName, bytes, tolerance, options, idempotencyKey } = request;
  if (bytes > PRESIGNED_MAX_BYTES) throw fileTooLarge(bytes, PRESIGNED_MAX_BYTES);
  const jobId = idempotencyKey === undefined ? ports.ids.newId() : jobIdOfRequest(tenant, idempotencyKey);
  const requestDigest = computeDigest(
    'promise',
    fileName,
    JSON.stringify([tolerance ?? {}, options ?? {}]),
    String(bytes),
  );
  // Read first: a repeated request would begin another upload in parts, which no caller would ever fill.
  const known = idempotencyKey === undefined ? undefined : await ports.jobs.read({ tenant, jobId });
  const job = known ?? (await createJob(ports, request, jobId, requestDigest));
  if (job.requestDigest !== requestDigest) throw keyReused();
  const taskFile = await readTaskFile(ports, job);
  return isAwaitingContent(job) ? { ...taskFile, upload: await signUpload(ports, job, bytes) } : taskFile;
}

/**
 * Signs URLs for parts of an upload, including parts that had URLs before.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_IN_PARTS, UPLOAD_NOT_OPEN, VALIDATION_FAILED
 */
export async function linkToParts(
  ports: PresignPorts,
  tenant: string,
  id: string,
  query: PartsQuery,
): Promise<PartLinks> {
  const job = await readFileJob(ports, tenant, id);
  const parts = requireParts(job);
  if (!isAwaitingContent(job)) throw uploadNotOpen(id, job.status);
  if (query.from > parts.plan.count) throw noSuchPart(query.from, parts.plan.count);
  return signPartLinks(ports, job.source.key, parts, query);
}

/**
 * Assembles the file from its parts, which starts its processing. A repeated request changes nothing.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_IN_PARTS, PARTS_MISSING, UPLOAD_NOT_OPEN
 */
export async function completeUpload(ports: PresignPorts, tenant: string, id: string): Promise<TaskFile> {
  const job = await readFileJob(ports, tenant, id);
  const parts = requireParts(job);
  if (job.source.etag === undefined) await assemble(ports, job, parts);
  return readTaskFile(ports, job);
}

/** The store is the truth: if the upload is over, the stored object shows whether it was completed. */
async function assemble({ presigned }: PresignPorts, job: Job, { uploadId, plan }: Parts): Promise<void> {
  if (isTerminal(job)) throw uploadNotOpen(job.jobId, job.status);
  const { key } = job.source;
  const stored = await presigned.listParts(key, uploadId);
  if (stored) {
    const faults = findPartFaults(plan, stored);
    if (faults.length > 0) throw partsMissing(job.jobId, plan.count, faults);
    await presigned.complete(key, uploadId, stored);
  }
  if (!(await presigned.isStored(key))) throw uploadNotOpen(job.jobId, 'ABORTED');
}

/** A crash in between leaves an upload without parts, which costs nothing and which the bucket removes by age. */
async function createJob(
  ports: PresignPorts & { readonly cut: CutRule },
  { tenant, fileName, bytes, tolerance, options }: PresignRequest,
  jobId: string,
  requestDigest: string,
): Promise<Job> {
  const key = sourceKey(UPLOADS_PREFIX, { tenant, jobId }, fileName);
  const presigned: PresignedSource =
    bytes <= PART_MIN_BYTES
      ? {}
      : { parts: { uploadId: await ports.presigned.begin(key), bytes: choosePartBytes(bytes) } };
  return ports.jobs.create(
    newJob({
      tenant,
      jobId,
      name: fileName,
      cut: ports.cut,
      source: { key, bytes },
      presigned,
      createdAt: ports.clock.now(),
      requestDigest,
      ...(tolerance && { tolerance }),
      ...(options && { options }),
    }),
  );
}

interface Parts {
  readonly uploadId: string;
  readonly bytes: number;
  readonly plan: PartPlan;
}

function requireParts({ jobId, source, presigned }: Job): Parts {
  if (!presigned?.parts || source.bytes === undefined) throw notInParts(jobId);
  return { ...presigned.parts, plan: planParts(source.bytes, presigned.parts.bytes) };
}

const isAwaitingContent = (job: Job): boolean => job.status === 'NEW' && job.source.etag === undefined;

async function signUpload(ports: PresignPorts, job: Job, bytes: number): Promise<UploadResponse['upload']> {
  const { key } = job.source;
  if (!job.presigned?.parts) {
    const at = ports.clock.now();
    const url = await ports.presigned.linkTo(key, bytes, at);
    return {
      method: 'PUT',
      url,
      headers: { 'content-length': String(bytes) },
      expiresAt: computeExpiry(at, UPLOAD_LINK_SECONDS),
    };
  }
  const parts = requireParts(job);
  const first = await signPartLinks(ports, key, parts, { from: 1, count: PART_LINKS_MAX });
  return { partSize: parts.bytes, partCount: parts.plan.count, ...first };
}

async function signPartLinks(
  { presigned, clock }: PresignPorts,
  key: string,
  { uploadId, plan }: Parts,
  { from, count }: PartsQuery,
): Promise<PartLinks> {
  const at = clock.now();
  const numbers = Array.from({ length: Math.min(count, plan.count - from + 1) }, (_, index) => from + index);
  const parts = await allDone(
    numbers.map(async (number) => {
      const bytes = plan.bytesOf(number);
      return { number, contentLength: bytes, url: await presigned.linkToPart(key, uploadId, { number, bytes }, at) };
    }),
  );
  return { expiresAt: computeExpiry(at, UPLOAD_LINK_SECONDS), parts };
}
