import { beforeEach, describe, expect, it } from '@jest/globals';
import { aBatch, aClock, aCut, aRunningJob, Names } from '../../test/kit/factories.ts';
import { failuresOf } from '../../test/kit/failures-of.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../test/kit/memory/index.ts';
import type { Batch } from './batch.ts';
import { DeadLetters } from './dead-letters.ts';
import type { IndexedRow } from './definition.ts';
import { runOf, segmentKey, type Job, type Run } from './job.ts';
import type { ItemFailure } from './outcome.ts';
import { Processor } from './process.ts';
import type { SegmentRecord } from './segment.ts';

/** Names some of which make trouble; every try is noted. */
class TroubledNames extends Names {
  readonly tries: string[] = [];
  /** Fail without effect. */
  readonly broken = new Set<string>();
  /** Fail, having had their effect. */
  readonly ambiguous = new Set<string>();
  /** Throw at once, not by a promise. */
  readonly abrupt = new Set<string>();
  /** Take their worker along: it never gets on from there. */
  readonly killers = new Set<string>();
  restored: number[] = [];

  override apply(run: Run, rows: readonly IndexedRow<string>[]): Promise<void> {
    const names = rows.map(({ row }) => row);
    this.tries.push(names.join(' '));
    const has = (trouble: ReadonlySet<string>): boolean => names.some((name) => trouble.has(name));
    if (has(this.abrupt)) throw new Error('abrupt');
    if (has(this.killers)) return new Promise(() => undefined);
    if (has(this.broken)) return Promise.reject(new Error('broken'));
    const applied = super.apply(run, rows);
    return has(this.ambiguous) ? applied.then(() => Promise.reject(new Error('too late'))) : applied;
  }

  override async restoreItems(run: Run, indexes: readonly number[]): Promise<void> {
    this.restored.push(...indexes);
    return super.restoreItems(run, indexes);
  }
}

let jobs: MemoryJobs;
let ledger: MemoryLedger;
let messaging: MemoryMessaging;
let names: TroubledNames;
let job: Job;
beforeEach(async () => {
  [jobs, ledger, messaging] = [new MemoryJobs(), new MemoryLedger(), new MemoryMessaging()];
  names = new TroubledNames();
  // One batch of five items is the whole job.
  const cut = aCut({ itemsPerBatch: 5, batchesPerSegment: 2 });
  job = await jobs.create(aRunningJob({ cut, seal: { itemCount: 5, batchCount: 1 } }));
});

const ports = () => ({ jobs, ledger, failures: ledger, announcer: messaging.announcer, clock: aClock() });
const ALL = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eva'];
const batchOf = (...items: string[]): Batch => aBatch(job, 0, items);
const judge = (batch = batchOf(...ALL), receivedBefore = 0): Promise<void> =>
  new DeadLetters(ports(), names).judge({ batch, receivedBefore });
const segment = async (): Promise<SegmentRecord> => (await ledger.read([segmentKey(job, 0)]))[0]!;
const stored = async (): Promise<Job> => (await jobs.read(job))!;
const failures = async (): Promise<readonly ItemFailure[]> => failuresOf(ledger, job);
const codes = async (): Promise<[number, string][]> => (await failures()).map(({ index, code }) => [index, code]);
const have = (...indexes: number[]): void => {
  for (const index of indexes) names.stored.set(index, ALL[index]!);
};
/** Judges a batch whose worker dies over an item: what could be done before is done. */
async function judgeAndDie(batch: Batch, receivedBefore: number): Promise<void> {
  void judge(batch, receivedBefore);
  await new Promise(setImmediate);
}

describe('a dead letter whose batch is recorded', () => {
  beforeEach(async () => {
    await ledger.record(segmentKey(job, 0), [{ batch: 0, succeeded: 5, failed: 0, bytes: 50 }]);
  });

  it('tries nothing, and settles: whoever recorded it may have died before', async () => {
    const before = await segment();
    await judge();
    expect(names.tries).toEqual([]);
    expect(await segment()).toEqual(before);
    expect(await stored()).toMatchObject({ closed: [[0, 0]], succeeded: 5 });
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 5, succeeded: 5, failed: 0 } }]);
  });

  it('gives back what a judge voided who came too late to record it', async () => {
    have(0, 1, 2, 3, 4);
    names.voided.set(3, 0);
    await judge();
    expect(names.visible).toHaveLength(5);
  });
});

describe('a dead letter whose batch nobody has recorded', () => {
  it('counts what has had its effect, without trying it again', async () => {
    have(0, 1, 2, 3, 4);
    await judge();
    expect(names.tries).toEqual([]);
    expect(await segment()).toMatchObject({ batches: new Set([0]), succeeded: 5, failed: 0, bytes: 50 });
    expect(await failures()).toEqual([]);
  });

  it('tries each item once more that has had none, alone', async () => {
    have(0, 3);
    await judge();
    expect(names.tries).toEqual(['Bob', 'Cleo', 'Eva']);
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });

  it('tries all of a batch that never got anywhere', async () => {
    await judge();
    expect(names.tries).toEqual(ALL);
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('fails and voids the items that cannot be brought in, and says that nothing is known to be wrong with them', async () => {
    names.broken.add('Bob').add('Dan');
    await judge();
    expect(await segment()).toMatchObject({ succeeded: 3, failed: 2 });
    expect(await failures()).toEqual(
      [1, 3].map((index) => ({
        index,
        line: index + 2,
        cells: [ALL[index]],
        code: 'RETRIES_EXHAUSTED',
        message: expect.stringContaining('nothing is known to be wrong'),
      })),
    );
    // A late delivery of the same message changes nothing that is seen.
    names.broken.clear();
    await new Processor(ports(), names).process([{ messageId: 'late', batch: batchOf(...ALL), isRepeated: true }]);
    await names.apply(runOf(job), [{ index: 1, row: 'Bob' }]);
    expect(names.visible.map(([index]) => index)).toEqual([0, 2, 4]);
  });

  it('counts an item as succeeded whose try failed after its effect', async () => {
    names.ambiguous.add('Cleo');
    await judge();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });

  it('leaves items with the code of the rule that they break, in their order, and tries them never', async () => {
    names.refused.add('Dan').add('Ada');
    names.broken.add('Cleo');
    await judge(batchOf('Ada', ' ', 'Cleo', 'Dan', 'Eva'));
    expect(names.tries).toEqual(['Cleo', 'Eva']);
    expect(await codes()).toEqual([
      [0, 'REFUSED'],
      [1, 'REQUIRED'],
      [2, 'RETRIES_EXHAUSTED'],
      [3, 'REFUSED'],
    ]);
    expect(new Set(names.voided.keys())).toEqual(new Set([0, 1, 2, 3]));
    expect(await segment()).toMatchObject({ succeeded: 1, failed: 4 });
  });

  it('counts an item as succeeded that somebody works with, whatever the rules say now', async () => {
    have(1);
    names.refused.add('Bob');
    names.inUse.add(1);
    await judge();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });
});

describe('an item that kills its worker', () => {
  it('is not tried again when the message comes again; its neighbours are', async () => {
    names.killers.add('Bob');
    await judgeAndDie(batchOf(...ALL), 0);
    expect(names.tries).toEqual(['Ada', 'Bob']);
    expect(await segment()).toMatchObject({ batches: new Set() });
    await judge(batchOf(...ALL), 1);
    expect(names.tries).toEqual(['Ada', 'Bob', 'Cleo', 'Dan', 'Eva']);
    expect(await segment()).toMatchObject({ succeeded: 4, failed: 1 });
    expect(await codes()).toEqual([[1, 'RETRIES_EXHAUSTED']]);
    expect(messaging.announced).toMatchObject([{ kind: 'completed' }]);
  });

  it('can be each of a batch: one more of them is passed over each time', async () => {
    for (const name of ALL) names.killers.add(name);
    for (let receivedBefore = 0; receivedBefore < ALL.length; receivedBefore += 1) {
      await judgeAndDie(batchOf(...ALL), receivedBefore);
    }
    expect(names.tries).toEqual(ALL);
    await judge(batchOf(...ALL), ALL.length);
    expect(await segment()).toMatchObject({ succeeded: 0, failed: 5 });
  });

  it('ends the tries of all, if the message is received for the last time', async () => {
    have(0);
    await judge(batchOf(...ALL), Infinity);
    expect(names.tries).toEqual([]);
    expect(await segment()).toMatchObject({ succeeded: 1, failed: 4 });
  });

  it('does not take what breaks the rules into account', async () => {
    names.killers.add('Cleo');
    const batch = batchOf(' ', ' ', 'Cleo', 'Dan', 'Eva');
    await judgeAndDie(batch, 0);
    await judge(batch, 1);
    expect(await codes()).toEqual([
      [0, 'REQUIRED'],
      [1, 'REQUIRED'],
      [2, 'RETRIES_EXHAUSTED'],
    ]);
  });

  it('may throw instead of failing: then the message comes again as well', async () => {
    names.abrupt.add('Bob');
    await expect(judge()).rejects.toThrow('abrupt');
    await judge(batchOf(...ALL), 1);
    expect(await codes()).toEqual([[1, 'RETRIES_EXHAUSTED']]);
    expect(await segment()).toMatchObject({ succeeded: 4, failed: 1 });
  });
});

describe('a verdict', () => {
  it('stands, however often the message is judged', async () => {
    names.broken.add('Bob');
    await judge();
    const [recorded, given, seen] = [await segment(), await failures(), names.visible];
    names.broken.clear();
    for (const receivedBefore of [0, 1, 7]) await judge(batchOf(...ALL), receivedBefore);
    expect([await segment(), await failures(), names.visible]).toEqual([recorded, given, seen]);
    expect(await stored()).toMatchObject({ closed: [[0, 0]], succeeded: 4, failed: 1 });
  });

  it('is one, though two judge at once and come to different ones', async () => {
    /** The second to look whose tries fail: what the first finds done, it does not. */
    class Unlucky extends TroubledNames {
      override async applied(): Promise<ReadonlySet<number>> {
        return new Set();
      }
    }
    const unlucky = Object.assign(new Unlucky(), { stored: names.stored, voided: names.voided });
    for (const first of [names, unlucky]) {
      const second = first === names ? unlucky : names;
      const ofJob = await jobs.create({ ...job, jobId: first === names ? 'one' : 'other' });
      names.stored.clear();
      names.voided.clear();
      const batch = aBatch(ofJob, 0, ALL);
      const judges = [first, second].map((definition) => new DeadLetters(ports(), definition));
      await Promise.all(judges.map((one) => one.judge({ batch, receivedBefore: 0 })));
      const [counted] = await ledger.read([segmentKey(ofJob, 0)]);
      expect([0, 5]).toContain(counted?.succeeded);
      expect(Number(counted?.succeeded) + Number(counted?.failed)).toBe(5);
      expect(names.visible).toHaveLength(Number(counted?.succeeded));
    }
  });

  it('waits for the store: nothing is recorded of which the details are not kept', async () => {
    names.broken.add('Bob');
    class Refusing extends MemoryLedger {
      override async keep(): Promise<void> {
        throw new Error('failures store is down');
      }
    }
    ledger = new Refusing();
    await expect(judge()).rejects.toThrow('failures store is down');
    expect(await segment()).toMatchObject({ batches: new Set() });
  });
});

describe('a dead letter of a job that has ended', () => {
  beforeEach(async () => {
    await jobs.finish(job, { status: 'CANCELLED', at: 1, guard: {} });
  });

  it('tries nothing; what was stored before is counted, and the end announced that nobody has announced', async () => {
    have(1, 2);
    names.broken.add('Ada');
    await judge();
    await judge();
    expect(names.tries).toEqual([]);
    expect(await segment()).toMatchObject({ batches: new Set([0]), succeeded: 2, failed: 0 });
    expect(names.visible.map(([index]) => index)).toEqual([1, 2]);
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });

  it('is kept if the job is not stored', async () => {
    job = { ...job, jobId: 'unknown' };
    await expect(judge()).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});
