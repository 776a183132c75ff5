import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aBatch, aDelivery, aRunningJob, Names } from '../../../test/kit/factories.ts';
import { failuresOf } from '../../../test/kit/failures-of.ts';
import { lateFromCheck, PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import type { IndexedRow } from '../definition.ts';
import { segmentKey, type Job, type Run } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import { Processor, type Delivery } from './process.ts';
import type { SegmentRecord } from '../model/segment.ts';

/** Logs every call for an effect, and rejects the names in `broken`. */
class WatchedNames extends Names {
  readonly calls: string[] = [];
  readonly broken = new Set<string>();

  override async apply(run: Run, rows: readonly IndexedRow<string>[]): Promise<void> {
    this.calls.push(`apply ${rows.map(({ row }) => row).join(' ')}`);
    if (rows.some(({ row }) => this.broken.has(row))) throw new Error('store is down');
    await super.apply(run, rows);
  }

  override voidItems(run: Run, batch: number, indexes: readonly number[]): Promise<ReadonlySet<number>> {
    this.calls.push(`void ${indexes.join(' ')}`);
    return super.voidItems(run, batch, indexes);
  }

  override restoreItems(run: Run, indexes: readonly number[]): Promise<void> {
    this.calls.push(`restore ${indexes.join(' ')}`);
    if (this.broken.has('restore')) throw new Error('store is down');
    return super.restoreItems(run, indexes);
  }
}

/** Logs its writes, and rejects the batches in `broken`. */
class WatchedLedger extends MemoryLedger {
  readonly writes: number[][] = [];
  readonly broken = new Set<number>();
  isFailuresStoreBroken = false;

  override async record(...[key, outcomes]: Parameters<MemoryLedger['record']>) {
    this.writes.push(outcomes.map(({ batch }) => batch));
    if (outcomes.some(({ batch }) => this.broken.has(batch))) throw new Error('ledger is down');
    return super.record(key, outcomes);
  }

  override async keep(...args: Parameters<MemoryLedger['keep']>): Promise<void> {
    if (this.isFailuresStoreBroken) throw new Error('failures store is down');
    return super.keep(...args);
  }
}

let jobs: MemoryJobs;
let ledger: WatchedLedger;
let messaging: MemoryMessaging;
let names: WatchedNames;
let job: Job;
beforeEach(async () => {
  [jobs, ledger, messaging, names] = [new MemoryJobs(), new WatchedLedger(), new MemoryMessaging(), new WatchedNames()];
  job = await jobs.create(aRunningJob());
});

const ports = () => ({ jobs, ledger, failures: ledger, announcer: messaging.announcer, clock: aClock() });

/** Processes deliveries; resolves to the reasons of the undone ones, by message id. */
async function process(...deliveries: Delivery[]): Promise<Record<string, string>> {
  const undone = await new Processor(ports(), names).process(deliveries, PLENTY);
  return Object.fromEntries(undone.map(({ messageId, reason }) => [messageId, (reason as Error).message]));
}

const fresh = (number: number, ...items: string[]): Delivery =>
  aDelivery(aBatch(job, number, items.length > 0 ? items : undefined), { messageId: `m${number}` });
const repeated = (number: number, ...items: string[]): Delivery => ({ ...fresh(number, ...items), isRepeated: true });

const segment = async (number: number, of = job): Promise<SegmentRecord> =>
  (await ledger.read([segmentKey(of, number)]))[0]!;

const countedFailures = async (): Promise<readonly ItemFailure[]> => failuresOf(ledger, job);

describe('a first delivery', () => {
  it('applies its valid items, voids the others and keeps their failures, and records both', async () => {
    expect(await process(fresh(0, 'Ada', ' '))).toEqual({});
    expect(names.visible).toEqual([[0, 'Ada']]);
    expect(new Set(names.voided.keys())).toEqual(new Set([1]));
    expect(await segment(0)).toMatchObject({ batches: new Set([0]), succeeded: 1, failed: 1, bytes: 20 });
    expect(await countedFailures()).toEqual([
      { index: 1, line: 3, cells: [' '], code: 'REQUIRED', column: 'name', message: 'name is empty' },
    ]);
  });

  it('makes no call for effects that it does not need', async () => {
    await process(fresh(0, 'Ada', 'Bob'), fresh(1, '', ''));
    expect(names.calls.toSorted()).toEqual(['apply Ada Bob', 'void 2 3']);
    expect(await segment(0)).toMatchObject({ succeeded: 2, failed: 2 });
  });

  it('records the batches of one segment together', async () => {
    await process(fresh(0), fresh(1), fresh(2));
    expect(ledger.writes).toEqual([[0, 1], [2]]);
  });

  it('rolls up the segments that it fills, and announces the job that it completes', async () => {
    await jobs.seal(job, { itemCount: 6, batchCount: 3 });
    await process(fresh(2), fresh(0), fresh(1));
    expect(await jobs.read(job)).toMatchObject({ closed: [[0, 1]], succeeded: 6, failed: 0, doneBytes: 60 });
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 6, succeeded: 6, failed: 0 } }]);
  });

  it('is processed once, however many copies of its message there are', async () => {
    const copies = ['a', 'b', 'c'].map((messageId) => ({ ...fresh(0), messageId }));
    expect(await process(...copies)).toEqual({});
    expect(names.calls).toEqual(['apply Ada Bob']);
    names.broken.add('Eve');
    const broken = ['d', 'e'].map((messageId) => ({ ...fresh(1, 'Eve'), messageId }));
    expect(await process(...broken)).toEqual({ d: 'store is down', e: 'store is down' });
  });

  it('records a segment as soon as its batches are done, before those of another segment are', async () => {
    const slow = Promise.withResolvers<void>();
    const apply = names.apply.bind(names);
    names.apply = async (run, rows) => {
      if (rows[0]?.row === 'Slow') await slow.promise;
      return apply(run, rows);
    };
    const processing = process(fresh(0), fresh(1), fresh(2, 'Slow'));
    await new Promise(setImmediate);
    expect(ledger.writes).toEqual([[0, 1]]);
    slow.resolve();
    expect(await processing).toEqual({});
    expect(ledger.writes).toEqual([[0, 1], [2]]);
  });

  it('counts refused items as succeeded if a caller has changed their tasks already', async () => {
    names.inUse.add(0).add(3);
    await process(fresh(0, '', ''), fresh(1, 'Ada', ''));
    expect(await segment(0)).toMatchObject({ succeeded: 3, failed: 1 });
    expect((await countedFailures()).map(({ index }) => index)).toEqual([1]);
    expect(new Set(names.voided.keys())).toEqual(new Set([1]));
  });
});

describe('a delivery of a batch that another one has recorded', () => {
  it('changes no count and no item', async () => {
    await process(fresh(0, 'Ada', ''));
    const [before, visible] = [await segment(0), names.visible];
    expect(await process(fresh(0, 'Ada', ''))).toEqual({});
    expect(await process(repeated(0, 'Ada', ''))).toEqual({});
    expect(await segment(0)).toEqual(before);
    expect(names.visible).toEqual(visible);
  });

  it('applies nothing again if it is repeated', async () => {
    await process(fresh(0));
    names.calls.length = 0;
    await process(repeated(0));
    expect(names.calls).toEqual(['restore 0 1']);
  });

  it('still rolls up and announces if the worker that recorded it died before that', async () => {
    await ledger.record(segmentKey(job, 0), [{ batch: 0, succeeded: 2, failed: 0, bytes: 20 }]);
    await jobs.seal(job, { itemCount: 2, batchCount: 1 });
    await process(repeated(0));
    expect(await jobs.read(job)).toMatchObject({ closed: [[0, 0]], succeeded: 2 });
    expect(messaging.announced).toHaveLength(1);
  });

  it.each([
    ['first', fresh],
    ['repeated', repeated],
  ])('restores what a %s one voided under newer rules', async (_, deliver) => {
    await process(fresh(0));
    names.refused.add('Bob');
    // The worker that voided it died before it read the ledger.
    names.voided.set(1, 0);
    await process(deliver(0));
    expect(names.visible).toEqual([
      [0, 'Ada'],
      [1, 'Bob'],
    ]);
    expect(await segment(0)).toMatchObject({ succeeded: 2, failed: 0 });
    expect(await countedFailures()).toEqual([]);
  });

  it.each([
    ['first', fresh],
    ['repeated', repeated],
  ])(
    'keeps void what was refused under older rules, though a %s one applies it under newer rules',
    async (_, deliver) => {
      names.refused.add('Bob');
      await process(fresh(0), fresh(1, 'Cleo', ''));
      names.refused.clear();
      names.stored.set(1, 'Bob');
      await process(deliver(0));
      expect(names.visible).toEqual([
        [0, 'Ada'],
        [2, 'Cleo'],
      ]);
      expect((await countedFailures()).map(({ index }) => index)).toEqual([1, 3]);
    },
  );

  it('uses the failures that the ledger refers to, not others that are kept of the batch', async () => {
    await process(fresh(0, 'Ada', ''));
    // A worker under other rules refused the first item and died before it could record.
    const failures = [{ index: 0, line: 2, cells: ['Ada'], code: 'REFUSED', message: 'not allowed' }];
    await ledger.keep(segmentKey(job, 0), { batch: 0, reference: 'other', failures });
    names.voided.set(0, 0);
    await process(repeated(0, 'Ada', ''));
    expect(names.visible).toEqual([[0, 'Ada']]);
    expect(new Set(names.voided.keys())).toEqual(new Set([1]));
  });

  it('restores nothing of a batch in which every item failed', async () => {
    await process(fresh(0, '', ''));
    await process(repeated(0, '', ''));
    expect(names.calls).toEqual(['void 0 1']);
  });
});

describe('a repeated delivery', () => {
  it('is processed if its batch is not recorded', async () => {
    expect(await process(repeated(0, 'Ada', ''))).toEqual({});
    expect(names.visible).toEqual([[0, 'Ada']]);
    expect(await segment(0)).toMatchObject({ batches: new Set([0]), succeeded: 1, failed: 1 });
  });

  it('is left undone when the time is nearly up; what was done before is recorded', async () => {
    const deliveries = [repeated(0), repeated(1), repeated(2)];
    const undone = await new Processor(ports(), names).process(deliveries, lateFromCheck(2));
    expect(undone).toMatchObject([
      { messageId: 'm1', reason: { name: 'OutOfTimeError' } },
      { messageId: 'm2', reason: { name: 'OutOfTimeError' } },
    ]);
    expect(names.calls).toEqual(['apply Ada Bob', 'restore 0 1']);
    expect(ledger.writes).toEqual([[0]]);
  });

  it('is processed alone, and recorded before the next one begins, also if one fails', async () => {
    names.broken.add('Eve');
    const undone = await process(repeated(0), repeated(1, 'Eve'), repeated(2), fresh(3), fresh(4));
    expect(undone).toEqual({ m1: 'store is down' });
    expect(ledger.writes).toEqual([[3], [4], [0], [2]]);
    expect(names.calls.filter((call) => call.startsWith('apply'))).toHaveLength(5);
  });

  it('makes a first delivery of its batch in the same invocation count as repeated', async () => {
    await process({ ...fresh(0), messageId: 'copy' }, repeated(0), fresh(1));
    expect(ledger.writes).toEqual([[1], [0]]);
  });
});

describe('an error', () => {
  it('of one batch leaves the others recorded', async () => {
    names.broken.add('Eve');
    expect(await process(fresh(0), fresh(1, 'Eve', 'Bob'), fresh(2))).toEqual({ m1: 'store is down' });
    expect(await segment(0)).toMatchObject({ batches: new Set([0]), succeeded: 2 });
    expect(await segment(1)).toMatchObject({ batches: new Set([2]) });
  });

  it('before the failures are kept leaves the batch unrecorded', async () => {
    ledger.isFailuresStoreBroken = true;
    expect(await process(fresh(0, ''), repeated(1, ''))).toEqual({
      m0: 'failures store is down',
      m1: 'failures store is down',
    });
    expect(ledger.writes).toEqual([]);
  });

  it('of the ledger leaves undone only the batches of that write', async () => {
    ledger.broken.add(1);
    expect(await process(fresh(0), fresh(1), fresh(2))).toEqual({ m0: 'ledger is down', m1: 'ledger is down' });
    expect(await segment(1)).toMatchObject({ batches: new Set([2]) });
    ledger.broken.clear();
    expect(await process(repeated(0), repeated(1))).toEqual({});
    expect(await jobs.read(job)).toMatchObject({ closed: [[0, 0]], succeeded: 4 });
  });

  it('while items are restored leaves the message undone, and the count as it is', async () => {
    await process(fresh(0));
    names.broken.add('restore');
    expect(await process(repeated(0), { ...fresh(1), isRepeated: false })).toEqual({ m0: 'store is down' });
    expect(await process({ ...fresh(0), messageId: 'late' })).toEqual({ late: 'store is down' });
    expect(await jobs.read(job)).toMatchObject({ closed: [[0, 0]], succeeded: 4 });
  });

  it('of settling leaves every message of the job undone', async () => {
    await jobs.seal(job, { itemCount: 4, batchCount: 2 });
    const announcer = { announce: () => Promise.reject(new Error('topic is down')) };
    const undone = await new Processor({ ...ports(), announcer }, names).process([fresh(0), fresh(1)], PLENTY);
    expect(undone.map(({ messageId }) => messageId)).toEqual(['m0', 'm1']);
    expect(await process(repeated(0), repeated(1))).toEqual({});
    expect(await jobs.read(job)).toMatchObject({ closed: [[0, 0]], succeeded: 4 });
    expect(messaging.announced).toHaveLength(1);
  });

  it('names each message once, also if more than one thing failed', async () => {
    names.broken.add('Eve');
    const announcer = { announce: () => Promise.reject(new Error('topic is down')) };
    await ledger.record(segmentKey(job, 0), [{ batch: 0, succeeded: 2, failed: 0, bytes: 20 }]);
    await jobs.seal(job, { itemCount: 2, batchCount: 1 });
    const undone = await new Processor({ ...ports(), announcer }, names).process(
      [fresh(1, 'Eve'), repeated(0)],
      PLENTY,
    );
    expect(undone.map(({ messageId }) => messageId).toSorted()).toEqual(['m0', 'm1']);
  });

  it('leaves undone the messages of a job that is not stored', async () => {
    const unknown = aRunningJob({ jobId: 'unknown' });
    const undone = await new Processor(ports(), names).process([aDelivery(aBatch(unknown, 0))], PLENTY);
    expect(undone).toMatchObject([{ messageId: 'unknown/0', reason: { name: 'UnknownJobError' } }]);
    expect(names.calls).toEqual([]);
  });

  it('of one job does not affect another job in the same invocation', async () => {
    const other = await jobs.create(aRunningJob({ jobId: 'other' }));
    const unknown = aRunningJob({ jobId: 'unknown' });
    const deliveries = [unknown, other, unknown].map((of, number) => aDelivery(aBatch(of, number)));
    const undone = await new Processor(ports(), names).process([...deliveries, fresh(0)], PLENTY);
    expect(undone.map(({ messageId }) => messageId)).toEqual(['unknown/0', 'unknown/2']);
    expect(await segment(0, other)).toMatchObject({ batches: new Set([1]) });
    expect(await segment(0)).toMatchObject({ batches: new Set([0]) });
  });
});

describe('a job that has ended', () => {
  beforeEach(async () => {
    await jobs.finish(job, { status: 'CANCELLED', at: 1, guard: { isSealed: false } });
  });

  it('drops first deliveries', async () => {
    expect(await process(fresh(0), fresh(1))).toEqual({});
    expect(names.calls).toEqual([]);
    expect(ledger.writes).toEqual([]);
  });

  it('applies nothing of a repeated one, but counts what was stored before', async () => {
    names.stored.set(0, 'Ada');
    expect(await process(repeated(0))).toEqual({});
    // Another worker may still store the other item. It is not counted, so it must not be visible either.
    expect(names.calls.filter((call) => !call.startsWith('restore'))).toEqual(['void 1']);
    expect(await segment(0)).toMatchObject({ batches: new Set([0]), succeeded: 1, failed: 0, bytes: 20 });
    expect(names.visible).toEqual([[0, 'Ada']]);
  });

  it('rolls up what it counted, and announces the end once if it is not announced yet', async () => {
    names.stored.set(0, 'Ada').set(1, 'Bob').set(2, 'Cleo');
    await process(repeated(0), repeated(1));
    await process(repeated(0), repeated(1));
    expect(await jobs.read(job)).toMatchObject({ status: 'CANCELLED', closed: [[0, 0]], succeeded: 3, failed: 0 });
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });
});
