import { beforeEach, describe, expect, it } from '@jest/globals';
import { aBatch, aClock, aDelivery, aRunningJob, Names } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import { segmentKey, type Job } from '../model/job.ts';
import { Processor, type Delivery } from './process.ts';

let jobs: MemoryJobs;
let ledger: MemoryLedger;
let messaging: MemoryMessaging;
let names: Names;
let job: Job;
beforeEach(async () => {
  [jobs, ledger, messaging, names] = [new MemoryJobs(), new MemoryLedger(), new MemoryMessaging(), new Names()];
  job = await jobs.create(aRunningJob({ seal: { itemCount: 8, batchCount: 4 } }));
});

const process = (...deliveries: Delivery[]) =>
  new Processor({ jobs, ledger, failures: ledger, announcer: messaging.announcer, clock: aClock() }, names).process(
    deliveries,
    { remainingMilliseconds: () => 10_000 },
  );
const copy = (batch: number, recovery: number, changes: Partial<Delivery> = {}): Delivery =>
  aDelivery({ ...aBatch(job, batch), recovery }, changes);
const record = (...batches: number[]) =>
  ledger.record(
    segmentKey(job, Math.floor(batches[0]! / 2)),
    batches.map((batch) => ({ batch, succeeded: 2, failed: 0, bytes: 10 })),
  );
const recorded = async (segment: number): Promise<number[]> => [
  ...(await ledger.read([segmentKey(job, segment)]))[0]!.batches,
];

describe('a copy of a batch that the sweep sent again', () => {
  it('is processed if its batch is not recorded', async () => {
    await record(0);
    expect(await process(copy(0, 1), copy(1, 1), aDelivery(aBatch(job, 2)))).toEqual([]);
    expect([await recorded(0), await recorded(1)]).toEqual([[0, 1], [2]]);
    expect(names.visible).toHaveLength(4);
  });

  it('is dropped before its rows are decided if its batch is recorded, and its segment is rolled up', async () => {
    await record(0, 1);
    expect(await process(copy(0, 1))).toEqual([]);
    expect(names.visible).toEqual([]);
    expect(await jobs.read(job)).toMatchObject({ closed: [[0, 0]], succeeded: 4 });
  });

  it('is dropped if a later recovery has sent everything that was lacking', async () => {
    await jobs.markResent(job, 2);
    expect(await process(copy(0, 1), copy(1, 2), aDelivery(aBatch(job, 2)))).toEqual([]);
    expect([await recorded(0), await recorded(1)]).toEqual([[1], [2]]);
  });

  it('is processed if it was delivered before, because a worker may have begun it', async () => {
    await jobs.markResent(job, 2);
    expect(await process(copy(0, 1, { isRepeated: true }))).toEqual([]);
    expect(await recorded(0)).toEqual([0]);
  });
});
