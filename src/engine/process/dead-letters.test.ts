import { beforeEach, describe, expect, it } from '@jest/globals';
import { aBatch, aCut, aRunningJob, CREATED_AT, Names } from '../../../test/kit/factories.ts';
import { failuresOf } from '../../../test/kit/failures-of.ts';
import { lateFromCheck, PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging, MemoryTries } from '../../../test/kit/memory/index.ts';
import type { Batch } from '../model/batch.ts';
import { DeadLetters } from './dead-letters.ts';
import type { IndexedRow } from '../definition.ts';
import { RefusedItemError } from '../errors.ts';
import { DEADLY_TRIES, TRY_ENDS_AFTER_MILLISECONDS } from './noted-tries.ts';
import { runOf, segmentKey, type Job, type Run } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import { Processor } from './process.ts';
import type { SegmentRecord } from '../model/segment.ts';

/** Logs every try, and fails for the names in its sets. */
class TroubledNames extends Names {
  readonly tries: string[] = [];
  /** These fail without effect, as while a service throttles or is out. */
  readonly broken = new Set<string>();
  /** The store never takes these. */
  readonly unstorable = new Set<string>();
  /** These fail after their effect. */
  readonly ambiguous = new Set<string>();
  /** These throw at once, not by a promise. */
  readonly abrupt = new Set<string>();
  /** These kill their worker: their calls never end. */
  readonly killers = new Set<string>();
  restored: number[] = [];

  override apply(run: Run, rows: readonly IndexedRow<string>[]): Promise<void> {
    const names = rows.map(({ row }) => row);
    this.tries.push(names.join(' '));
    const has = (trouble: ReadonlySet<string>): boolean => names.some((name) => trouble.has(name));
    if (has(this.abrupt)) throw new Error('abrupt');
    if (has(this.killers)) return new Promise(() => undefined);
    if (has(this.broken)) return Promise.reject(new Error('broken'));
    if (has(this.unstorable)) return Promise.reject(new RefusedItemError('too large'));
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
let tries: MemoryTries;
let job: Job;
let now: number;
beforeEach(async () => {
  [jobs, ledger, messaging, tries] = [new MemoryJobs(), new MemoryLedger(), new MemoryMessaging(), new MemoryTries()];
  now = CREATED_AT;
  names = new TroubledNames();
  // One batch of five items is the whole job.
  const cut = aCut({ itemsPerBatch: 5, batchesPerSegment: 2 });
  job = await jobs.create(aRunningJob({ cut, seal: { itemCount: 5, batchCount: 1 } }));
});

const ports = () => {
  const { announcer } = messaging;
  return { jobs, ledger, failures: ledger, tries, announcer, clock: { now: () => now } };
};
const ALL = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eva'];
const batchOf = (...items: string[]): Batch => aBatch(job, 0, items);
const process = (batch = batchOf(...ALL), deadline = PLENTY): Promise<void> =>
  new DeadLetters(ports(), names).process(batch, deadline);
const segment = async (): Promise<SegmentRecord> => (await ledger.read([segmentKey(job, 0)]))[0]!;
const stored = async (): Promise<Job> => (await jobs.read(job))!;
const failures = async (): Promise<readonly ItemFailure[]> => failuresOf(ledger, job);
const codes = async (): Promise<[number, string][]> => (await failures()).map(({ index, code }) => [index, code]);
const have = (...indexes: number[]): void => {
  for (const index of indexes) names.stored.set(index, ALL[index]!);
};
/** Processes a batch whose worker dies over an item; the message is delivered again minutes later. */
async function processAndDie(batch = batchOf(...ALL)): Promise<void> {
  void process(batch);
  await new Promise(setImmediate);
  now += 3 * TRY_ENDS_AFTER_MILLISECONDS;
}
/** Lets enough workers die that one item counts as deadly. */
async function dieEnough(batch = batchOf(...ALL)): Promise<void> {
  for (let death = 0; death < DEADLY_TRIES; death += 1) await processAndDie(batch);
}

describe('a dead letter whose batch is recorded', () => {
  beforeEach(async () => {
    await ledger.record(segmentKey(job, 0), [{ batch: 0, succeeded: 5, failed: 0, bytes: 50 }]);
  });

  it('tries nothing, and settles, because the worker that recorded it may have died before that', async () => {
    const before = await segment();
    await process();
    expect(names.tries).toEqual([]);
    expect(await segment()).toEqual(before);
    expect(await stored()).toMatchObject({ closed: [[0, 0]], succeeded: 5 });
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 5, succeeded: 5, failed: 0 } }]);
  });

  it('restores what another reader voided that came too late to record it', async () => {
    have(0, 1, 2, 3, 4);
    names.voided.set(3, 0);
    await process();
    expect(names.visible).toHaveLength(5);
  });
});

describe('a dead letter whose batch is not recorded', () => {
  it('counts items that have had their effect, without trying them again', async () => {
    have(0, 1, 2, 3, 4);
    await process();
    expect(names.tries).toEqual([]);
    expect(await segment()).toMatchObject({ batches: new Set([0]), succeeded: 5, failed: 0, bytes: 50 });
    expect(await failures()).toEqual([]);
  });

  it('tries each item without an effect once more, alone', async () => {
    have(0, 3);
    await process();
    expect(names.tries).toEqual(['Bob', 'Cleo', 'Eva']);
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });

  it('tries all items of a batch that has no effects', async () => {
    await process();
    expect(names.tries).toEqual(ALL);
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('is delivered again if a service fails for some items, after all others were tried, however often that happens', async () => {
    names.broken.add('Bob').add('Dan');
    for (let time = 0; time < 2 * DEADLY_TRIES; time += 1) {
      await expect(process()).rejects.toThrow('broken');
      now += 3 * TRY_ENDS_AFTER_MILLISECONDS;
    }
    expect(names.tries.slice(0, 7)).toEqual([...ALL, 'Bob', 'Dan']);
    expect(await segment()).toMatchObject({ batches: new Set() });
    expect(await failures()).toEqual([]);
    names.broken.clear();
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });

  it('is delivered again if no try can be noted, and tries nothing that is not noted', async () => {
    tries.begin = () => Promise.reject(new Error('tries are out'));
    await expect(process()).rejects.toThrow('tries are out');
    expect(names.tries).toEqual([]);
  });

  it('fails and voids the items that the store refuses for good', async () => {
    names.unstorable.add('Bob').add('Dan');
    await process();
    expect(await segment()).toMatchObject({ succeeded: 3, failed: 2 });
    expect(await failures()).toEqual(
      [1, 3].map((index) => ({
        index,
        line: index + 2,
        cells: [ALL[index]],
        code: 'NOT_STORABLE',
        message: expect.stringContaining('the store refuses the row for good'),
      })),
    );
    // A late delivery of the same message makes nothing visible.
    names.unstorable.clear();
    const late = { messageId: 'late', batch: batchOf(...ALL), isRepeated: true };
    await new Processor(ports(), names).process([late], PLENTY);
    await names.apply(runOf(job), [{ index: 1, row: 'Bob' }]);
    expect(names.visible.map(([index]) => index)).toEqual([0, 2, 4]);
  });

  it('is delivered again if a service fails for one item, also if the store refuses another for good', async () => {
    names.unstorable.add('Bob');
    names.broken.add('Eva');
    await expect(process()).rejects.toThrow('broken');
    expect(await failures()).toEqual([]);
    names.broken.clear();
    await process();
    expect(await codes()).toEqual([[1, 'NOT_STORABLE']]);
  });

  it('begins no try without enough time, and continues from there when it is delivered again', async () => {
    await expect(process(batchOf(...ALL), lateFromCheck(3))).rejects.toMatchObject({ name: 'OutOfTimeError' });
    expect(names.tries).toEqual(['Ada', 'Bob']);
    // If a service has taken the time, its error is the reason.
    names.broken.add('Cleo');
    await expect(process(batchOf(...ALL), lateFromCheck(2))).rejects.toThrow('broken');
    names.broken.clear();
    await process();
    expect(names.tries).toEqual(['Ada', 'Bob', 'Cleo', 'Cleo', 'Dan', 'Eva']);
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('counts an item as succeeded whose try failed after its effect', async () => {
    names.ambiguous.add('Cleo');
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });

  it('fails items with the code of the rule that they break, in their order, and never tries them', async () => {
    names.refused.add('Dan').add('Ada');
    names.unstorable.add('Cleo');
    await process(batchOf('Ada', ' ', 'Cleo', 'Dan', 'Eva'));
    expect(names.tries).toEqual(['Cleo', 'Eva']);
    expect(await codes()).toEqual([
      [0, 'REFUSED'],
      [1, 'REQUIRED'],
      [2, 'NOT_STORABLE'],
      [3, 'REFUSED'],
    ]);
    expect(new Set(names.voided.keys())).toEqual(new Set([0, 1, 2, 3]));
    expect(await segment()).toMatchObject({ succeeded: 1, failed: 4 });
  });

  it('counts an item as succeeded if a caller has changed its task, whatever the rules say now', async () => {
    have(1);
    names.refused.add('Bob');
    names.inUse.add(1);
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });
});

describe('an item that kills its workers', () => {
  it('is not tried again after three deaths; its neighbours are tried, and it alone fails', async () => {
    names.killers.add('Bob');
    await dieEnough();
    expect(names.tries).toEqual(['Ada', 'Bob', 'Bob', 'Bob']);
    expect(await segment()).toMatchObject({ batches: new Set() });
    await process();
    expect(names.tries.slice(4)).toEqual(['Cleo', 'Dan', 'Eva']);
    expect(await segment()).toMatchObject({ succeeded: 4, failed: 1 });
    expect(await failures()).toEqual([
      {
        index: 1,
        line: 3,
        cells: ['Bob'],
        code: 'RETRIES_EXHAUSTED',
        message: expect.stringContaining('3 workers in a row ended in the middle of it'),
      },
    ]);
    expect(messaging.announced).toMatchObject([{ kind: 'completed' }]);
  });

  it('can be each of a batch', async () => {
    for (const name of ALL) names.killers.add(name);
    for (const _ of ALL) await dieEnough();
    expect(names.tries).toEqual(ALL.flatMap((name) => [name, name, name]));
    await process();
    expect(await segment()).toMatchObject({ succeeded: 0, failed: 5 });
  });

  it('is not deadly if one worker survives its try, even with an error', async () => {
    names.killers.add('Bob');
    for (let death = 1; death < DEADLY_TRIES; death += 1) await processAndDie();
    names.killers.clear();
    names.broken.add('Bob');
    await expect(process()).rejects.toThrow('broken');
    names.broken.clear();
    names.killers.add('Bob');
    await processAndDie();
    names.killers.clear();
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('is not deadly while its workers may still be alive', async () => {
    names.killers.add('Bob');
    for (let worker = 0; worker < DEADLY_TRIES; worker += 1) {
      void process();
      await new Promise(setImmediate);
      now += 1;
    }
    names.killers.clear();
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('has succeeded if it had its effect before its worker died', async () => {
    names.killers.add('Bob');
    await dieEnough();
    have(1);
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
    expect(names.visible).toHaveLength(5);
  });

  it('has succeeded if a worker that counts as dead makes its effect while the batch is tried', async () => {
    names.killers.add('Bob');
    await dieEnough();
    const apply = names.apply.bind(names);
    names.apply = async (run, rows) => {
      if (rows[0]?.row === 'Eva') have(1);
      return apply(run, rows);
    };
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('is found also beside items that break the rules', async () => {
    names.killers.add('Cleo');
    const batch = batchOf(' ', ' ', 'Cleo', 'Dan', 'Eva');
    await dieEnough(batch);
    await process(batch);
    expect(await codes()).toEqual([
      [0, 'REQUIRED'],
      [1, 'REQUIRED'],
      [2, 'RETRIES_EXHAUSTED'],
    ]);
  });

  it('is not one whose effect throws at once: then the message is delivered again', async () => {
    names.abrupt.add('Bob');
    for (let time = 0; time < 2 * DEADLY_TRIES; time += 1) await expect(process()).rejects.toThrow('abrupt');
    expect(names.tries.slice(0, 5)).toEqual(ALL);
    names.abrupt.clear();
    await process();
    expect(await segment()).toMatchObject({ succeeded: 5, failed: 0 });
  });
});

describe('an outcome', () => {
  it('does not change, however often the message is delivered', async () => {
    names.unstorable.add('Bob');
    await process();
    const [recorded, given, seen] = [await segment(), await failures(), names.visible];
    names.unstorable.clear();
    for (let time = 0; time < 3; time += 1) await process();
    expect([await segment(), await failures(), names.visible]).toEqual([recorded, given, seen]);
    expect(await stored()).toMatchObject({ closed: [[0, 0]], succeeded: 4, failed: 1 });
  });

  it('is the same for two readers that decide differently at once', async () => {
    /** Sees none of the effects that the other reader sees, and the store refuses it everything. */
    class Unlucky extends TroubledNames {
      override async apply(): Promise<void> {
        throw new RefusedItemError('too large');
      }
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
      const readers = [first, second].map((definition) => new DeadLetters(ports(), definition));
      await Promise.all(readers.map((one) => one.process(batch, PLENTY)));
      const [counted] = await ledger.read([segmentKey(ofJob, 0)]);
      expect([0, 5]).toContain(counted?.succeeded);
      expect(Number(counted?.succeeded) + Number(counted?.failed)).toBe(5);
      expect(names.visible).toHaveLength(Number(counted?.succeeded));
    }
  });

  it('is not recorded before its details are kept', async () => {
    names.unstorable.add('Bob');
    class Refusing extends MemoryLedger {
      override async keep(): Promise<void> {
        throw new Error('failures store is down');
      }
    }
    ledger = new Refusing();
    await expect(process()).rejects.toThrow('failures store is down');
    expect(await segment()).toMatchObject({ batches: new Set() });
  });
});

describe('a dead letter of a job that has ended', () => {
  beforeEach(async () => {
    await jobs.finish(job, { status: 'CANCELLED', at: 1, guard: {} });
  });

  it('tries nothing, counts what was stored before, and announces the end if it is not announced yet', async () => {
    have(1, 2);
    names.broken.add('Ada');
    await process();
    await process();
    expect(names.tries).toEqual([]);
    expect(await segment()).toMatchObject({ batches: new Set([0]), succeeded: 2, failed: 0 });
    expect(names.visible.map(([index]) => index)).toEqual([1, 2]);
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });

  it('is delivered again if the job is not stored', async () => {
    job = { ...job, jobId: 'unknown' };
    await expect(process()).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});
