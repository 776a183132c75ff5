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
import { expiryOf } from '../expiry.ts';
import { digestOf } from '../digest.ts';
import { fileTooLarge, keyReused, noSuchPart, notInParts, partsMissing, uploadNotOpen } from '../errors.ts';
import { partBytesOf, partFaults, partPlan, type PartPlan } from './parts.ts';
import type { PresignedUploads } from '../ports/uploads.ts';
import { jobOrThrow } from '../file/file-or-throw.ts';
import { readTaskFile, type TaskFilePorts } from '../file/to-task-file.ts';

export interface PresignPorts extends TaskFilePorts {
  readonly presigned: PresignedUploads;
}

export interface PresignRequest {
  readonly tenant: string;
  readonly fileName: string;
  /** Of the whole file. */
  readonly bytes: number;
  readonly tolerance?: Tolerance;
  readonly options?: ReadOptions;
  readonly idempotencyKey?: string;
}

/**
 * Creates the task file of a content that is still to come, and says where it is to be put. With an idempotency key the
 * same promise makes one task file, however often it comes, and gives links as long as the content has not come.
 * @throws TaskError FILE_TOO_LARGE, IDEMPOTENCY_KEY_REUSED
 */
export async function presignTaskFile(
  ports: PresignPorts & { readonly ids: Ids; readonly cut: CutRule },
  promise: PresignRequest,
): Promise<UploadResponse> {
  const { tenant, fileName, bytes, tolerance, options, idempotencyKey } = promise;
  if (bytes > PRESIGNED_MAX_BYTES) throw fileTooLarge(bytes, PRESIGNED_MAX_BYTES);
  const jobId = idempotencyKey === undefined ? ports.ids.newId() : jobIdOfRequest(tenant, idempotencyKey);
  const requestDigest = digestOf('promise', fileName, JSON.stringify([tolerance ?? {}, options ?? {}]), String(bytes));
  // Read first: a repeated promise would begin another upload in parts, which nobody would ever fill.
  const known = idempotencyKey === undefined ? undefined : await ports.jobs.read({ tenant, jobId });
  const job = known ?? (await createJob(ports, promise, jobId, requestDigest));
  if (job.requestDigest !== requestDigest) throw keyReused();
  const taskFile = await readTaskFile(ports, job);
  return isAwaited(job) ? { ...taskFile, upload: await uploadOf(ports, job, bytes) } : taskFile;
}

/**
 * Links to parts of an upload, also to ones that were given out before.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_IN_PARTS, UPLOAD_NOT_OPEN, VALIDATION_FAILED
 */
export async function linkToParts(
  ports: PresignPorts,
  tenant: string,
  id: string,
  query: PartsQuery,
): Promise<PartLinks> {
  const job = await jobOrThrow(ports, tenant, id);
  const parts = partsOf(job);
  if (!isAwaited(job)) throw uploadNotOpen(id, job.status);
  if (query.from > parts.plan.count) throw noSuchPart(query.from, parts.plan.count);
  return links(ports, job.source.key, parts, query);
}

/**
 * Makes the file of its parts, which starts its processing; asking again changes nothing.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_IN_PARTS, PARTS_MISSING, UPLOAD_NOT_OPEN
 */
export async function completeUpload(ports: PresignPorts, tenant: string, id: string): Promise<TaskFile> {
  const job = await jobOrThrow(ports, tenant, id);
  const parts = partsOf(job);
  if (job.source.etag === undefined) await assemble(ports, job, parts);
  return readTaskFile(ports, job);
}

/** What is stored is the truth: whether the upload is over because it was completed, the object tells. */
async function assemble({ presigned }: PresignPorts, job: Job, { uploadId, plan }: Parts): Promise<void> {
  if (isTerminal(job)) throw uploadNotOpen(job.jobId, job.status);
  const { key } = job.source;
  const stored = await presigned.listParts(key, uploadId);
  if (stored) {
    const faults = partFaults(plan, stored);
    if (faults.length > 0) throw partsMissing(job.jobId, plan.count, faults);
    await presigned.complete(key, uploadId, stored);
  }
  if (!(await presigned.isStored(key))) throw uploadNotOpen(job.jobId, 'ABORTED');
}

/** Crashed in between, it leaves an upload in parts without parts, which costs nothing and is removed by age. */
async function createJob(
  ports: PresignPorts & { readonly cut: CutRule },
  { tenant, fileName, bytes, tolerance, options }: PresignRequest,
  jobId: string,
  requestDigest: string,
): Promise<Job> {
  const key = sourceKey(UPLOADS_PREFIX, { tenant, jobId }, fileName);
  const presigned: PresignedSource =
    bytes <= PART_MIN_BYTES ? {} : { parts: { uploadId: await ports.presigned.begin(key), bytes: partBytesOf(bytes) } };
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

function partsOf({ jobId, source, presigned }: Job): Parts {
  if (!presigned?.parts || source.bytes === undefined) throw notInParts(jobId);
  return { ...presigned.parts, plan: partPlan(source.bytes, presigned.parts.bytes) };
}

const isAwaited = (job: Job): boolean => job.status === 'NEW' && job.source.etag === undefined;

async function uploadOf(ports: PresignPorts, job: Job, bytes: number): Promise<UploadResponse['upload']> {
  const { key } = job.source;
  if (!job.presigned?.parts) {
    const at = ports.clock.now();
    const url = await ports.presigned.linkTo(key, bytes, at);
    return {
      method: 'PUT',
      url,
      headers: { 'content-length': String(bytes) },
      expiresAt: expiryOf(at, UPLOAD_LINK_SECONDS),
    };
  }
  const parts = partsOf(job);
  const first = await links(ports, key, parts, { from: 1, count: PART_LINKS_MAX });
  return { partSize: parts.bytes, partCount: parts.plan.count, ...first };
}

async function links(
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
  return { expiresAt: expiryOf(at, UPLOAD_LINK_SECONDS), parts };
}

/** Signatures know whole seconds. */
