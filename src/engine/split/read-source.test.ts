import { describe, expect, it } from '@jest/globals';
import { batchesByNumber, namesFile, openFanOut, PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryJobs } from '../../../test/kit/memory/index.ts';
import type { Batch } from '../model/batch.ts';
import type { Checkpoint, Job } from '../model/job.ts';

describe('the checkpoint', () => {
  it('never passes a batch whose send is not acknowledged', async () => {
    const acknowledged = new Set<number>();
    const seen: Checkpoint[] = [];
    class WatchedJobs extends MemoryJobs {
      override advance(...[key, checkpoint]: Parameters<MemoryJobs['advance']>): Promise<Job> {
        seen.push(checkpoint);
        for (let batch = 0; batch < checkpoint.nextBatch; batch += 1) expect(acknowledged).toContain(batch);
        return super.advance(key, checkpoint);
      }
      override seal(...args: Parameters<MemoryJobs['seal']>): Promise<Job> {
        expect(acknowledged.size).toBe(15);
        return super.seal(...args);
      }
    }
    const send = async (batches: readonly Batch[]): Promise<void> => {
      await new Promise(setImmediate);
      for (const { batch } of batches) acknowledged.add(batch);
    };
    const { run } = await openFanOut(namesFile(30), { jobs: new WatchedJobs(), ports: { batches: { send } } });
    await run();
    expect(seen.length).toBeGreaterThan(2);
  });

  it('stays before a batch that could not be sent, and nothing is under way when the call rejects', async () => {
    const failure = new Error('queue is down');
    let underWay = 0;
    const send = async (batches: readonly Batch[]): Promise<void> => {
      underWay += 1;
      await new Promise(setImmediate);
      underWay -= 1;
      if (batches.some(({ batch }) => batch === 8)) throw failure;
    };
    const { run, stored } = await openFanOut(namesFile(60), { ports: { batches: { send } } });
    await expect(run()).rejects.toBe(failure);
    expect(underWay).toBe(0);
    expect(await stored()).toMatchObject({ status: 'IN_PROGRESS' });
    expect((await stored()).checkpoint.nextBatch).toBeLessThanOrEqual(8);
    expect((await stored()).seal).toBeUndefined();
  });
});

describe('a fan-out that another one has overtaken', () => {
  /** A rival acts just before the first checkpoint is written. */
  class Overtaken extends MemoryJobs {
    rival: (() => Promise<unknown>) | undefined;
    override async advance(...args: Parameters<MemoryJobs['advance']>): Promise<Job> {
      const rival = this.rival;
      this.rival = undefined;
      await rival?.();
      return super.advance(...args);
    }
  }

  it('continues from the later checkpoint', async () => {
    const reference = await openFanOut(namesFile(40));
    await reference.run();
    const jobs = new Overtaken();
    const { job, messaging, run, stored } = await openFanOut(namesFile(40), { jobs });
    const skipped = reference.messaging.sentBatches.slice(0, 15);
    jobs.rival = () =>
      jobs.advance(job, {
        byteOffset: 'name\n'.length + skipped.reduce((sum, { bytes }) => sum + bytes, 0),
        line: 32,
        nextItem: 30,
        nextBatch: 15,
      });
    await run();
    const sent = batchesByNumber(messaging.sentBatches);
    expect(sent.has(14)).toBe(false);
    expect([...sent.values()].filter(({ batch }) => batch >= 15)).toEqual(reference.messaging.sentBatches.slice(15));
    expect((await stored()).seal).toEqual({ itemCount: 40, batchCount: 20 });
  });

  it('leaves a job that was sealed meanwhile, and settles its last segment', async () => {
    const jobs = new Overtaken();
    const { fanOut, messaging, run, stored } = await openFanOut(namesFile(40), { jobs });
    jobs.rival = async () => fanOut.run(await stored(), PLENTY);
    await run();
    expect(batchesByNumber(messaging.sentBatches).size).toBe(20);
    expect(await stored()).toMatchObject({ seal: { itemCount: 40, batchCount: 20 } });
    expect(messaging.announced).toEqual([]);
  });

  it('stops if the job was cancelled meanwhile, and announces that', async () => {
    const jobs = new Overtaken();
    const { job, messaging, run, stored } = await openFanOut(namesFile(400), { jobs });
    jobs.rival = () => jobs.finish(job, { status: 'CANCELLED', at: 1, guard: { isSealed: false } });
    await run();
    expect(messaging.sentBatches.length).toBeLessThan(20);
    expect(await stored()).toMatchObject({ status: 'CANCELLED' });
    expect((await stored()).seal).toBeUndefined();
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });

  it('is harmless if both run from beginning to end at once', async () => {
    const { messaging, run, stored } = await openFanOut(namesFile(40));
    await Promise.all([run(), run()]);
    expect(batchesByNumber(messaging.sentBatches).size).toBe(20);
    expect(await stored()).toMatchObject({ seal: { itemCount: 40, batchCount: 20 } });
  });
});
