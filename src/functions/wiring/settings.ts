import { v7 } from 'uuid';
import type { Clock, CutRule, Deadline, FanOutLimits, Ids, Tolerance } from '../../engine/index.ts';
import type { ReportPace } from '../../tasks/index.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const systemIds: Ids = { newId: () => v7() };

/**
 * - A segment has 100 batches, by default 2,500 rows. Its ledger record stays under 1 KB, so an update costs one write
 *   unit, and the job item is written once for 2,500 rows.
 * - A batch has up to 60 KiB of cells. With its envelope a message stays within 64 KiB, one billed request.
 */
export const cutRule = (itemsPerBatch: number): CutRule => ({
  itemsPerBatch,
  batchesPerSegment: 100,
  batchBytes: 60 * 1024,
});

/**
 * - Parts of 8 MiB keep memory flat. Their ETags go to the next invocation in one message of 1 MiB, which has room for
 *   some 6,500 parts, about 55 GB of fix file. S3 would take 10,000 parts.
 * - 10 s are enough to finish a part, some 50,000 rows.
 */
export const reportPace = (deadline: Deadline): ReportPace => ({
  partBytes: 8 * 1024 * 1024,
  failuresPerPage: 1_000,
  isLate: () => deadline.remainingMilliseconds() < 10_000,
});

/** Makes a tolerance of the settings of a deployment or of an upload. */
export const toTolerance = (failedPercent: number | undefined, failedCount: number | undefined): Tolerance => ({
  ...(failedPercent !== undefined && { failedPercent }),
  ...(failedCount !== undefined && { failedCount }),
});

/**
 * - 10 batches fill one `SendMessageBatch`; 8 calls at once hide its latency with little memory.
 * - 5 s are enough to finish the calls, the checkpoint and the continuation.
 * - 1,000 failures are some 20 reads of 100 keys; a manifest of 16 MiB lists about 150,000 rows of the sample.
 */
export const fanOutLimits: FanOutLimits = {
  batchesPerSend: 10,
  sendsInFlight: 8,
  reserveMilliseconds: 5_000,
  failuresPerPage: 1_000,
  manifestBytes: 16 * 1024 * 1024,
};
