import * as z from 'zod';
import { CHANGE_INDEX, SCHEMA_VERSION, TASK_FILE_STATUSES, type CREATION_INDEX } from '../../contract/index.ts';
import {
  DELIMITERS,
  ENCODINGS,
  SOURCE_TYPES,
  UnreadableJobError,
  type Job,
  type JobKey,
  type JobStatus,
} from '../../engine/index.ts';
import type { Key } from './batch-get.ts';

const ranges = z.array(z.tuple([z.number(), z.number()]));

const checkpoint = z.object({ byteOffset: z.number(), line: z.number(), nextItem: z.number(), nextBatch: z.number() });

/** A job as it is stored. `closed` is JSON text, so that a condition can compare the whole set with the one read. */
export const jobItem = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tenant: z.string(),
  jobId: z.string(),
  name: z.string(),
  /** The statuses of a task file are those of a job, or this does not compile. */
  status: z.enum(TASK_FILE_STATUSES satisfies readonly JobStatus[]),
  cut: z.object({ itemsPerBatch: z.number(), batchesPerSegment: z.number(), batchBytes: z.number() }),
  tolerance: z
    .object({ failedPercent: z.number().exactOptional(), failedCount: z.number().exactOptional() })
    .exactOptional(),
  source: z.object({ key: z.string(), etag: z.string().exactOptional(), bytes: z.number().exactOptional() }),
  presigned: z.object({ parts: z.object({ uploadId: z.string(), bytes: z.number() }).exactOptional() }).exactOptional(),
  options: z
    .object({
      timeZone: z.string().exactOptional(),
      encoding: z.enum(ENCODINGS).exactOptional(),
      delimiter: z.enum(DELIMITERS).exactOptional(),
      nullWords: z.array(z.string()).exactOptional(),
      strict: z.boolean().exactOptional(),
    })
    .exactOptional(),
  format: z
    .object({
      type: z.enum(SOURCE_TYPES),
      encoding: z.enum(ENCODINGS),
      delimiter: z.enum(DELIMITERS),
      skippedLines: z.number().exactOptional(),
      compression: z.literal('gzip').exactOptional(),
      /** An earlier version stored this instead of `compression`. */
      gzip: z.unknown().exactOptional(),
    })
    .transform(({ gzip, ...format }) => (gzip === undefined ? format : { ...format, compression: 'gzip' as const })),
  header: z.array(z.string()).exactOptional(),
  dataStart: checkpoint.exactOptional(),
  checkpoint,
  seal: z.object({ itemCount: z.number(), batchCount: z.number() }).exactOptional(),
  closed: z.string().transform((text) => ranges.parse(JSON.parse(text))),
  succeeded: z.number(),
  failed: z.number(),
  doneBytes: z.number(),
  createdAt: z.number(),
  startedAt: z.number().exactOptional(),
  completedAt: z.number().exactOptional(),
  failure: z.object({ code: z.string(), message: z.string() }).exactOptional(),
  isAnnounced: z.boolean().exactOptional(),
  sameAs: z.string().exactOptional(),
  similarTo: z.string().exactOptional(),
  requestDigest: z.string().exactOptional(),
  attempt: z.number(),
  redriveOf: z
    .object({
      jobId: z.string(),
      createdAt: z.number(),
      number: z.number(),
      codes: z.array(z.string()).exactOptional(),
      restFrom: z.number().exactOptional(),
    })
    .exactOptional(),
  redrive: z
    .object({
      number: z.number(),
      codes: z.array(z.string()).exactOptional(),
      fromItem: z.number().exactOptional(),
      isPlanned: z.boolean(),
    })
    .exactOptional(),
  report: z
    .object({
      run: z.number(),
      at: z.number().exactOptional(),
      groups: z.array(
        z.object({
          code: z.string(),
          column: z.string().exactOptional(),
          count: z.number(),
          firstIndex: z.number(),
          message: z.string(),
        }),
      ),
      others: z.number(),
      fixFileKey: z.string().exactOptional(),
    })
    .exactOptional(),
  recovery: z
    .object({
      number: z.number(),
      tries: z.number(),
      progress: z.number(),
      dueAt: z.number(),
      heldSince: z.number().exactOptional(),
    })
    .exactOptional(),
  resent: z.number().exactOptional(),
});

export const toJobKey = ({ tenant, jobId }: JobKey): Key => ({ pk: `job#${tenant}#${jobId}`, sk: 'job' });

export const toClosedText = (closed: Job['closed']): string => JSON.stringify(closed);

/** The key of an index, in the attributes that infrastructure gives it. */
type IndexKey<Index extends { readonly partitionKey: string; readonly sortKey: string }> = Readonly<
  Record<Index['partitionKey'] | Index['sortKey'], string>
>;

/** Each job that is no redrive has one entry in the list, which is written once. */
export const toListKey = (job: Pick<Job, 'tenant' | 'jobId' | 'createdAt'>): IndexKey<typeof CREATION_INDEX> => ({
  listPk: job.tenant,
  listSk: `${new Date(job.createdAt).toISOString()}#${job.jobId}`,
});

export function parseJobPk(pk: string): JobKey {
  const [, tenant = '', jobId = ''] = pk.split('#');
  return { tenant, jobId };
}

/** The index of changes has 16 partitions, because each change of a job writes to it. */
export const toOpenShard = (jobId: string): string => `open#${jobId.slice(-1)}`;
export const OPEN_SHARDS = '0123456789abcdef'.split('').map(toOpenShard);

export const toJobItem = (job: Job, changedAt: number): Record<string, unknown> => ({
  ...toJobKey(job),
  ...(!job.redriveOf && toListKey(job)),
  [CHANGE_INDEX.partitionKey]: toOpenShard(job.jobId),
  [CHANGE_INDEX.sortKey]: changedAt,
  ...job,
  schemaVersion: SCHEMA_VERSION,
  closed: toClosedText(job.closed),
});

/** An earlier version stored `presigned` under this name. */
const EARLIER_PRESIGNED = 'promised';

const renameAttributes = ({ [EARLIER_PRESIGNED]: earlier, ...item }: Readonly<Record<string, unknown>>) =>
  earlier === undefined ? item : { presigned: earlier, ...item };

/** @throws UnreadableJobError */
export function parseJob(item: Readonly<Record<string, unknown>> = {}): Job {
  try {
    const { schemaVersion: _, ...job } = jobItem.parse(renameAttributes(item));
    return job;
  } catch (reason) {
    const { tenant, jobId } = parseJobPk(String(item['pk']));
    throw new UnreadableJobError(tenant, jobId, reason);
  }
}
