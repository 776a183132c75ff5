import { expect } from '@jest/globals';
import {
  FanOut,
  type Batch,
  type CutRule,
  type Deadline,
  type FanOutLimits,
  type FanOutPorts,
  type Job,
} from '../../src/engine/index.ts';
import { aClock, aCut, aJob, CREATED_AT, Names } from './factories.ts';
import { MemoryContents, MemoryJobs, MemoryLedger, MemoryMessaging, MemoryObjects } from './memory/index.ts';

const LIMITS: FanOutLimits = {
  batchesPerSend: 2,
  sendsInFlight: 2,
  reserveMilliseconds: 100,
  failuresPerPage: 2,
  manifestBytes: 1_000,
};
export const PLENTY: Deadline = { remainingMilliseconds: () => 60_000 };
export const LATE: Deadline = { remainingMilliseconds: () => 99 };

/** A deadline that has passed when it is checked for the n-th time. */
export function lateFromCheck(check: number): Deadline {
  let checks = 0;
  return { remainingMilliseconds: () => (++checks >= check ? 0 : 60_000) };
}

/** The time of every fan-out's clock. */
export const NOW = CREATED_AT + 500;

export const namesFile = (count: number): string =>
  ['name', ...Array.from({ length: count }, (_, index) => `name ${index}`), ''].join('\n');

export interface FanOutOptions {
  readonly cut?: Partial<CutRule>;
  readonly pieceBytes?: number;
  readonly limits?: Partial<FanOutLimits>;
  readonly jobs?: MemoryJobs;
  readonly ports?: Partial<FanOutPorts>;
  readonly job?: Partial<Job>;
}

/** Stores a file with its job, and opens everything that a fan-out of it needs. */
export async function openFanOut(text: string | Uint8Array, options: FanOutOptions = {}) {
  const { cut, pieceBytes = 64, limits, jobs = new MemoryJobs(), ports, job: changes } = options;
  const [objects, ledger, messaging] = [new MemoryObjects(pieceBytes), new MemoryLedger(), new MemoryMessaging()];
  const { key } = aJob().source;
  await objects.put(key, Buffer.from(text));
  const job = await jobs.create(aJob({ cut: aCut(cut), source: { key, ...objects.version(key) }, ...changes }));
  const { batches, continuations, announcer } = messaging;
  const fanOut = new FanOut(
    {
      jobs,
      ledger,
      failures: ledger,
      sources: objects,
      manifests: objects,
      clock: aClock(NOW),
      batches,
      continuations,
      contents: new MemoryContents(),
      announcer,
      ...ports,
    },
    new Names().columns,
    { ...LIMITS, ...limits },
  );
  const stored = async (): Promise<Job> => (await jobs.read(job))!;
  const run = async (deadline = PLENTY): Promise<void> => fanOut.run(await stored(), deadline);
  return { job, jobs, ledger, messaging, objects, fanOut, run, stored };
}

/** Returns the batches by number, each once. Throws if two copies of a batch differ. */
export function batchesByNumber(batches: readonly Batch[]): Map<number, Batch> {
  const byNumber = new Map<number, Batch>();
  for (const batch of batches) {
    expect(byNumber.get(batch.batch) ?? batch).toEqual(batch);
    byNumber.set(batch.batch, batch);
  }
  return new Map([...byNumber].toSorted(([a], [b]) => a - b));
}
