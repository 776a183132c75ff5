import { beforeEach, describe, expect, it } from '@jest/globals';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger } from '../../../test/kit/memory/index.ts';
import { failuresReference } from '../process/evaluate.ts';
import { segmentKey, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import { voidHolds } from './voids.ts';

let jobs: MemoryJobs;
let ledger: MemoryLedger;
let job: Job;
beforeEach(async () => {
  [jobs, ledger] = [new MemoryJobs(), new MemoryLedger()];
  job = await jobs.create(aRunningJob());
});

const failureOf = (index: number): ItemFailure => ({ index, line: index + 2, cells: [], code: 'REFUSED', message: '' });
const holds = (index: number, batch = 0, run = 0): Promise<boolean> =>
  voidHolds({ jobs, ledger, failures: ledger }, job, { run, batch, index });

/** Keeps failures of a batch, as a delivery does before it records. Several deliveries may, but only one records. */
async function keep(batch: number, failed: readonly number[], imported?: readonly number[]): Promise<string> {
  const failures = failed.map(failureOf);
  const reference = failuresReference(failures, imported)!;
  await ledger.keep(segmentKey(job, 0), { batch, reference, failures, ...(imported && { imported }) });
  return reference;
}
const record = (batch: number, failuresReference?: string): Promise<unknown> =>
  ledger.record(segmentKey(job, 0), [
    { batch, succeeded: 1, failed: 1, bytes: 2, ...(failuresReference !== undefined && { failuresReference }) },
  ]);

describe('a void', () => {
  it('holds until the batch is recorded', async () => {
    await keep(0, [1]);
    expect(await holds(1)).toBe(true);
  });

  it('holds while its run is not stored', async () => {
    await record(0);
    expect(await holds(1, 0, 7)).toBe(true);
  });

  it('holds if the recorded delivery has refused the item, whatever others kept', async () => {
    await keep(0, [0, 1]);
    await record(0, await keep(0, [1]));
    expect([await holds(0), await holds(1)]).toEqual([false, true]);
  });

  it('does not hold if the recorded delivery refused nothing', async () => {
    await keep(0, [1]);
    await record(0);
    expect(await holds(1)).toBe(false);
  });

  it('holds for each item that a batch with a list of its imported items does not list', async () => {
    await record(0, await keep(0, [], [0]));
    expect([await holds(0), await holds(1)]).toEqual([false, true]);
  });

  it('holds if the failures that the ledger refers to are not found', async () => {
    await record(0, 'another');
    expect(await holds(1)).toBe(true);
    await keep(1, [3]);
    expect(await holds(1)).toBe(true);
  });
});
