import * as z from 'zod';
import {
  cursorOf,
  REPORT_LINK_SECONDS,
  UPLOADS_PREFIX,
  type FixFileLink,
  type Page,
  type PageQuery,
  type RowFailure,
  type Task,
  type TaskFile,
  type TaskFileStatus,
} from '../contract/index.ts';
import {
  allDone,
  cancel,
  findEarlierJob,
  itemId,
  jobIdOfRequest,
  newJob,
  firstFailure,
  isTerminal,
  redrive,
  sourceKey,
  standingFailures,
  NotCancellableError,
  NotRedrivableError,
  type Announcer,
  type Clock,
  type Contents,
  type Continuations,
  type Ids,
  type CutRule,
  type Failures,
  type Job,
  type Jobs,
  type FailurePage,
  type Ledger,
  type ReadOptions,
  type Tolerance,
  type VoidPorts,
} from '../engine/index.ts';
import { describe } from './describe.ts';
import { digestOf } from './digest.ts';
import {
  keyReused,
  noFailedRows,
  notCancellable,
  notRedrivable,
  reportExpired,
  reportPending,
  stillRunning,
  taskFileNotFound,
} from './errors.ts';
import { expiryOf } from './expiry.ts';
import { failurePlace } from './failure-place.ts';
import { fixFileName } from './fix-file.ts';
import { judged } from './judged.ts';
import type { ReportLinks } from './ports/reports.ts';
import type { Tasks } from './ports/tasks.ts';
import type { Uploads } from './ports/uploads.ts';
import { visible } from './stored-task.ts';
import { rowFailureOf } from './task-file.ts';

export interface TaskFilePorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

export interface Upload {
  readonly tenant: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly tolerance?: Tolerance;
  readonly options?: ReadOptions;
  readonly idempotencyKey?: string;
}

export interface UploadPorts extends TaskFilePorts {
  readonly uploads: Uploads;
  readonly contents: Contents;
  readonly ids: Ids;
  readonly cut: CutRule;
}

/**
 * Creates the task file and stores the bytes, which starts its processing. With an idempotency key the same upload makes one
 * task file, however often it comes. Without one, the same bytes make another, which says so.
 */
export async function uploadTaskFile(
  ports: UploadPorts,
  { tenant, fileName, bytes, tolerance, options, idempotencyKey }: Upload,
): Promise<TaskFile> {
  const jobId = idempotencyKey === undefined ? ports.ids.newId() : jobIdOfRequest(tenant, idempotencyKey);
  const requestDigest = digestOf(fileName, JSON.stringify([tolerance ?? {}, options ?? {}]), bytes);
  const key = sourceKey(UPLOADS_PREFIX, { tenant, jobId }, fileName);
  const createdAt = ports.clock.now();
  const sameAs = await findEarlierJob(ports, { tenant, jobId }, digestOf(bytes));
  const job = await ports.jobs.create(
    newJob({
      tenant,
      jobId,
      name: fileName,
      cut: ports.cut,
      source: { key, bytes: bytes.length },
      createdAt,
      requestDigest,
      ...(tolerance && { tolerance }),
      ...(options && { options }),
      ...(sameAs !== undefined && { sameAs }),
    }),
  );
  if (job.requestDigest !== requestDigest) throw keyReused();
  // A repeated upload may have died before it stored the object; storing the same bytes again is the same version.
  if (job.status === 'NEW') await ports.uploads.put(key, bytes);
  return describe(ports, job);
}

/** @throws TaskError TASK_FILE_NOT_FOUND */
export async function getTaskFile(ports: TaskFilePorts, tenant: string, id: string): Promise<TaskFile> {
  return describe(ports, await jobOrThrow(ports, tenant, id));
}

/**
 * Stops a running file at once; asking again changes nothing. What is done stays done and counted.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_CANCELLABLE
 */
export async function cancelTaskFile(
  ports: TaskFilePorts & { readonly announcer: Announcer },
  tenant: string,
  id: string,
): Promise<TaskFile> {
  const job = await jobOrThrow(ports, tenant, id);
  try {
    return await describe(ports, await cancel(ports, job));
  } catch (error) {
    // The one failure that the caller can understand: it came too late.
    if (error instanceof NotCancellableError) throw notCancellable(id, error.status);
    throw error;
  }
}

/**
 * Has the failed rows of an ended file processed again, all or those with certain codes; a file that failed before it was read to the end goes on
 * from there. Asking again for what is under way changes nothing.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_REDRIVABLE
 */
export async function redriveTaskFile(
  ports: TaskFilePorts & { readonly announcer: Announcer; readonly continuations: Continuations },
  tenant: string,
  id: string,
  codes?: readonly string[],
): Promise<TaskFile> {
  const job = await jobOrThrow(ports, tenant, id);
  try {
    return await describe(ports, await redrive(ports, job, codes));
  } catch (error) {
    // The one failure that the caller can understand: it can't be.
    if (error instanceof NotRedrivableError) throw notRedrivable(id, error.reason);
    throw error;
  }
}

/**
 * Newest first.
 * @throws CursorError
 */
export async function listTaskFiles(
  ports: TaskFilePorts,
  tenant: string,
  { limit, cursor, status }: PageQuery & { readonly status?: TaskFileStatus | undefined },
): Promise<Page<TaskFile>> {
  const page = await ports.jobs.list({
    tenant,
    limit,
    ...(cursor !== undefined && { after: cursor }),
    ...(status && { status }),
  });
  const items = await allDone(page.jobs.map((job) => describe(ports, job)));
  return { items, ...(page.after !== undefined && { cursor: page.after }) };
}

/** Where most rows failed, a full page may lie far away: a call that looked for it would run out of time. */
const READS_PER_PAGE = 20;

const taskPlace = cursorOf(z.strictObject({ item: z.int().min(0) }));

/**
 * The tasks of a file in row order. Their ids are computed, so this needs no index; rows that failed or wait are passed over,
 * and a page may be short, or empty, before the last.
 * @throws TaskError TASK_FILE_NOT_FOUND; CursorError
 */
export async function listTasksOfFile(
  ports: VoidPorts & { readonly jobs: Jobs; readonly tasks: Tasks },
  tenant: string,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Task>> {
  const job = await jobOrThrow(ports, tenant, id);
  const total = job.seal?.itemCount ?? job.checkpoint.nextItem;
  let { item } = cursor === undefined ? { item: 0 } : taskPlace.decode(cursor);
  const items: Task[] = [];
  for (let reads = 0; reads < READS_PER_PAGE && item < total && items.length < limit; reads++) {
    const count = Math.min(limit - items.length, total - item);
    const ids = Array.from({ length: count }, (_, offset) => itemId(id, item + offset));
    const stored = await ports.tasks.readMany(tenant, ids);
    const seen = await allDone(stored.map((one) => judged(ports, tenant, one)));
    items.push(...seen.flatMap((one) => visible(one)?.task ?? []));
    item += count;
  }
  return { items, ...(item < total && { cursor: taskPlace.encode({ item }) }) };
}

/**
 * The rows of a file that stand failed, in row order. Where rows are large, or redrives have brought rows in, a page may be short,
 * or empty, before the last.
 * @throws TaskError TASK_FILE_NOT_FOUND; CursorError
 */
export async function listFailuresOfFile(
  ports: { readonly jobs: Jobs; readonly ledger: Ledger; readonly failures: Failures },
  tenant: string,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<RowFailure>> {
  const job = await jobOrThrow(ports, tenant, id);
  const from = cursor === undefined ? firstFailure() : failurePlace.decode(cursor);
  let [page, reads]: [FailurePage, number] = [{ failures: [] }, 0];
  for await (page of standingFailures(ports, job, from, limit)) {
    if (page.failures.length > 0 || ++reads === READS_PER_PAGE) break;
  }
  return { items: page.failures.map(rowFailureOf), ...(page.next && { cursor: failurePlace.encode(page.next) }) };
}

/**
 * Where the fix file of an ended file is to be had.
 * @throws TaskError TASK_FILE_NOT_FOUND, STILL_RUNNING, NO_FAILED_ROWS, REPORT_PENDING, REPORT_EXPIRED
 */
export async function linkToFixFile(
  ports: TaskFilePorts & { readonly links: ReportLinks },
  tenant: string,
  id: string,
): Promise<FixFileLink> {
  const job = await jobOrThrow(ports, tenant, id);
  if (!isTerminal(job)) throw stillRunning(id, job.status);
  const { failedCount, reportedAt, redrives = [] } = await describe(ports, job);
  if (redrives.some(({ status }) => status === 'NEW' || status === 'IN_PROGRESS'))
    throw stillRunning(id, 'being redriven');
  if (failedCount === 0) throw noFailedRows(id);
  if (reportedAt === undefined || job.report?.fixFileKey === undefined) throw reportPending(id);
  const at = ports.clock.now();
  const link = await ports.links.linkTo(job.report.fixFileKey, at);
  // The bucket deletes reports by their age; the job outlives them.
  if (!link) throw reportExpired(id);
  return { ...link, fileName: fixFileName(job.name), expiresAt: expiryOf(at, REPORT_LINK_SECONDS) };
}

/** @throws TaskError TASK_FILE_NOT_FOUND */
export async function jobOrThrow({ jobs }: { readonly jobs: Jobs }, tenant: string, id: string): Promise<Job> {
  const job = await jobs.read({ tenant, jobId: id });
  // A redrive is a part of its file's answer, and nothing by itself.
  if (!job || job.redriveOf) throw taskFileNotFound(id);
  return job;
}
