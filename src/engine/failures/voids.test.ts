import { beforeEach, describe, expect, it } from '@jest/globals';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger } from '../../../test/kit/memory/index.ts';
import { failuresReference } from '../process/evaluate.ts';
import { segmentKey, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import { judgeVoid } from './voids.ts';

let jobs: MemoryJobs;
let ledger: MemoryLedger;
let job: Job;
beforeEach(async () => {
  [jobs, ledger] = [new MemoryJobs(), new MemoryLedger()];
  job = await jobs.create(aRunningJob());
});

const failureOf = (index: number): ItemFailure => ({ index, line: index + 2, cells: [], code: 'REFUSED', message: '' });
const stands = (index: number, batch = 0, run = 0): Promise<boolean> =>
  judgeVoid({ jobs, ledger, failures: ledger }, job, { run, batch, index });

/** What a delivery keeps of a batch before it is recorded; several may, and one of them records. */
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
  it('stands until the batch is recorded', async () => {
    await keep(0, [1]);
    expect(await stands(1)).toBe(true);
  });

  it('stands as long as nobody knows its job, or its run', async () => {
    await record(0);
    expect(await stands(1, 0, 7)).toBe(true);
  });

  it('stands if the delivery that counts has refused the item, whatever others kept', async () => {
    await keep(0, [0, 1]);
    await record(0, await keep(0, [1]));
    expect([await stands(0), await stands(1)]).toEqual([false, true]);
  });

  it('does not stand if the delivery that counts refused nothing', async () => {
    await keep(0, [1]);
    await record(0);
    expect(await stands(1)).toBe(false);
  });

  it('stands for each item that a batch does not name, which tells what it brought in', async () => {
    await record(0, await keep(0, [], [0]));
    expect([await stands(0), await stands(1)]).toEqual([false, true]);
  });

  it('stands where the details that count are not found', async () => {
    await record(0, 'another');
    expect(await stands(1)).toBe(true);
    await keep(1, [3]);
    expect(await stands(1)).toBe(true);
  });
});
