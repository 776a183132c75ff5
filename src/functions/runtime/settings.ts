import { v7 } from 'uuid';
import { DEFAULT_TENANT, UPLOADS_PREFIX } from '../../contract/index.ts';
import type { Clock, CutRule, FanOutLimits, Ids, Jobs, ReceiveRules } from '../../engine/index.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const systemIds: Ids = { newId: () => v7() };

/**
 * - 100 batches make a segment: 2,500 rows by default, so a ledger record stays under 1 KB (one write unit for each update of
 *   it) and the job item is written once for 2,500 rows.
 * - 60 KiB of cells: with its envelope a message stays within 64 KiB, one billed request.
 */
export const cutRule = (itemsPerBatch: number): CutRule => ({
  itemsPerBatch,
  batchesPerSegment: 100,
  batchBytes: 60 * 1024,
});

/** How an object in the bucket gets its job: the same for its event, its dead letter and the sweep. */
export const receiveRules = (jobs: Jobs, itemsPerBatch: number): ReceiveRules => ({
  jobs,
  clock: systemClock,
  cut: cutRule(itemsPerBatch),
  prefix: UPLOADS_PREFIX,
  tenant: DEFAULT_TENANT,
});

/**
 * - 10 batches fill one `SendMessageBatch`; 8 calls under way hide its latency without piling up memory.
 * - 5 s are enough for the calls under way, the checkpoint and the continuation.
 */
export const fanOutLimits: FanOutLimits = {
  batchesPerSend: 10,
  sendsInFlight: 8,
  reserveMilliseconds: 5_000,
};
