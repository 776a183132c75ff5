import { batchOf, checkpointAfter, Cutter } from './cutter.ts';
import { segmentKey, segmentOf, type Checkpoint, type Job } from '../model/job.ts';
import { recordsOf } from '../reader/open-source.ts';
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

/** Which copies to send, and from where on. */
export interface Resend {
  readonly from: Checkpoint;
  /** The copies carry it. */
  readonly recovery: number;
}

/**
 * Cuts a sealed job's source again and sends what the ledger lacks: its messages may have been lost. Resolves to where
 * another invocation has to go on, or to undefined at the end of the source.
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
  const lacks = lackingIn(ports.ledger, job);
  let at = from;
  const cut = async (items: readonly SourceRecord[]): Promise<void> => {
    const end = checkpointAfter(at, items);
    if (await lacks(at.nextBatch)) await sender.add({ ...batchOf(job, at, end, items), recovery });
    at = end;
  };
  try {
    for await (const records of recordsOf(ports.sources, job, from)) {
      for (const record of records) {
        const items = cutter.add(record);
        if (items) await cut(items);
      }
      const isLate = at !== from && deadline.remainingMilliseconds() < limits.reserveMilliseconds;
      if (isLate) return await sender.drain().then(() => at);
    }
    const rest = cutter.rest();
    if (rest.length > 0) await cut(rest);
    await sender.drain();
    return undefined;
  } finally {
    await sender.settled();
  }
}

/** Whether a batch is unrecorded; batches are asked for in order, so one segment is read at a time. */
function lackingIn(ledger: Ledger, job: Job): (batch: number) => Promise<boolean> {
  let segment: SegmentRecord | undefined;
  return async (batch) => {
    const number = segmentOf(job.cut, batch);
    if (segment?.segment !== number) [segment] = await ledger.read([segmentKey(job, number)]);
    return !segment?.batches.has(batch);
  };
}
