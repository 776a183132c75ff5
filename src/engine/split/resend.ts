import { batchOf, checkpointAfter, Cutter } from './cutter.ts';
import { segmentKey, segmentOf, type Checkpoint, type Job } from '../model/job.ts';
import { readRecords } from '../reader/open-source.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { BatchQueue } from '../ports/messaging.ts';
import type { Sources } from '../ports/source.ts';
import type { FanOutLimits } from './read-source.ts';
import type { SourceRecord } from '../model/records.ts';
import { Sender } from './sender.ts';
import type { SegmentRecord } from '../model/segment.ts';

export interface ResendPorts {
  readonly sources: Sources;
  readonly ledger: Ledger;
  readonly batches: BatchQueue;
}

/** The copies to send. */
export interface Resend {
  /** The checkpoint where they begin. */
  readonly from: Checkpoint;
  /** The number of the recovery, which the copies carry. */
  readonly recovery: number;
}

/**
 * Cuts a sealed job's source again and sends the batches that the ledger lacks, whose messages may be lost. Resolves to
 * the checkpoint where another invocation must continue, or to undefined at the end of the source.
 */
export async function resend(
  ports: ResendPorts,
  limits: FanOutLimits,
  job: Job,
  { from, recovery }: Resend,
  deadline: Deadline,
): Promise<Checkpoint | undefined> {
  const sender = new Sender(ports.batches, limits);
  const cutter = new Cutter(job.cut);
  const isMissing = createMissingCheck(ports.ledger, job);
  let at = from;
  const cut = async (items: readonly SourceRecord[]): Promise<void> => {
    const end = checkpointAfter(at, items);
    if (await isMissing(at.nextBatch)) await sender.add({ ...batchOf(job, at, end, items), recovery });
    at = end;
  };
  try {
    for await (const records of readRecords(ports.sources, job, from)) {
      for (const record of records) {
        const items = cutter.add(record);
        if (items) await cut(items);
      }
      const isLate = at !== from && deadline.remainingMilliseconds() < limits.reserveMilliseconds;
      if (!isLate) continue;
      await sender.drain();
      return at;
    }
    const rest = cutter.rest();
    if (rest.length > 0) await cut(rest);
    await sender.drain();
    return undefined;
  } finally {
    await sender.waitForSends();
  }
}

/** Makes a check whether a batch is unrecorded. Batches are checked in order, so one segment is read at a time. */
function createMissingCheck(ledger: Ledger, job: Job): (batch: number) => Promise<boolean> {
  let segment: SegmentRecord | undefined;
  return async (batch) => {
    const number = segmentOf(job.cut, batch);
    if (segment?.segment !== number) [segment] = await ledger.read([segmentKey(job, number)]);
    return !segment?.batches.has(batch);
  };
}
