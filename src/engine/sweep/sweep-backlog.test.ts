import { beforeEach, describe, expect, it } from '@jest/globals';
import { aJob, aRunningJob } from '../../../test/kit/factories.ts';
import { NOTHING, SweptService } from '../../../test/kit/swept-service.ts';
import { newJob, segmentKey, segmentOf, type Job } from '../model/job.ts';

const AT = { byteOffset: 25, line: 4, nextItem: 2, nextBatch: 1 };
const DATA_START = { byteOffset: 5, line: 2, nextItem: 0, nextBatch: 0 };
const SEAL = { itemCount: 8, batchCount: 4 };

let service: SweptService;
beforeEach(() => {
  service = new SweptService();
});

const running = (changes: Partial<Job> = {}): Promise<Job> =>
  service.create(aRunningJob({ dataStart: DATA_START, checkpoint: AT, ...changes }));
async function record(job: Job, ...batches: number[]): Promise<void> {
  for (const batch of batches) {
    const key = segmentKey(job, segmentOf(job.cut, batch));
    await service.ledger.record(key, [{ batch, succeeded: 2, failed: 0, bytes: 10 }]);
  }
}
/** Makes a job that is fully recorded, and whose event is lost or waits for the completer. */
async function recorded(): Promise<Job> {
  const job = await running({ seal: SEAL, closed: [[0, 1]], succeeded: 8, doneBytes: 40 });
  await record(job, 0, 1, 2, 3);
  return job;
}

describe('what a sweep holds back', () => {
  it('are batches that may still wait for the workers, until their queue is empty', async () => {
    const sealed = await running({ seal: SEAL });
    await record(sealed, 0, 1, 2);
    service.depth.batches = 1;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, held: 1 });
    expect(await service.sweepLater()).toEqual(NOTHING);
    expect(service.messaging.sentContinuations).toEqual([]);
    service.depth.batches = 0;
    expect(await service.sweep()).toEqual({ ...NOTHING, resent: 1 });
  });

  it('is the continuation of a file that is being split, while the splitters have messages', async () => {
    await running();
    service.depth.continuations = 1;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, held: 1 });
    service.depth.continuations = 0;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, resumed: 1 });
  });

  it('is the plan of a redrive, while the splitters have messages', async () => {
    const job = await running({ status: 'COMPLETED', closed: [[0, 1]], failed: 1 });
    await service.jobs.reserveRedrive(job, { number: 1, isPlanned: false });
    service.depth.continuations = 1;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, held: 1 });
    service.depth.continuations = 0;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, resumed: 1 });
  });

  it('is the event of a complete file, while the completer has messages', async () => {
    await recorded();
    service.depth.completions = 1;
    expect(await service.minutesOf('settled', 360)).toEqual([61, 122, 184, 248, 316]);
    service.depth.completions = 501;
    expect(await service.minutesOf('settled', 360)).toEqual([]);
    service.depth.completions = 0;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, settled: 1 });
  });

  it('is not the event of a file that the sweep rolled up itself, unless the completer is far behind', async () => {
    const job = await running({ seal: SEAL });
    await record(job, 0, 1, 2, 3);
    service.depth.completions = 501;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, held: 1 });
    const other = await running({ jobId: '01948f3c-2c00-7000-8000-000000000002', seal: SEAL });
    await record(other, 0, 1, 2, 3);
    service.depth.completions = 500;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, settled: 1 });
    expect(service.messaging.announced).toMatchObject([{ jobId: other.jobId }]);
  });

  it('are batches that could be sent again, while the splitters are far behind', async () => {
    await running({ seal: SEAL });
    service.depth.continuations = 501;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, held: 1 });
    service.depth.continuations = 500;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, resent: 1 });
  });

  it('are files whose events may wait, be they uploaded or put straight into the store', async () => {
    service.depth.continuations = 10_000;
    for (let file = 10; file < 60; file += 1) {
      const jobId = `${aJob().jobId.slice(0, -2)}${file}`;
      const source = { key: `uploads/default/${jobId}/names.csv` };
      await service.jobs.create(newJob({ ...aJob(), jobId, source }));
      for (const key of [source.key, `uploads/${file}.csv`]) await service.objects.put(key, Buffer.from('name\nAda\n'));
    }
    expect(await service.sweepLater()).toEqual({ ...NOTHING, started: 50, adopted: 50 });
    expect(await service.minutesOf('resumed', 120)).toEqual([]);
    expect(service.messaging.sentContinuations).toEqual([]);
    service.depth.continuations = 0;
    expect(await service.sweepLater()).toEqual({ ...NOTHING, resumed: 100 });
    expect(service.messaging.sentContinuations).toHaveLength(100);
  });
});

describe('what a sweep sends', () => {
  it('is sent after 1, 2, 4 … 60 minutes while it brings nothing', async () => {
    await running();
    expect(await service.minutesOf('resumed', 16)).toEqual([1, 2, 4, 8, 16]);
    expect(service.messaging.sentContinuations).toMatchObject([1, 2, 3, 4, 5].map((recovery) => ({ recovery })));
  });

  it('is sent as seldom if it is the event of a complete file that no completer handles', async () => {
    await recorded();
    expect(await service.minutesOf('settled', 360)).toEqual([1, 2, 4, 8, 16, 32, 64, 124, 184, 244, 304]);
    expect(service.messaging.announced).toHaveLength(11);
  });

  it('is sent once, though two sweeps run at the same moment', async () => {
    await running();
    service.wait();
    const recover = service.jobs.recover.bind(service.jobs);
    service.jobs.recover = async (...args) => {
      service.now += 1;
      service.jobs.recover = recover;
      expect(await service.sweep()).toMatchObject({ resumed: 1 });
      return recover(...args);
    };
    expect(await service.sweep()).toEqual(NOTHING);
    expect(service.messaging.sentContinuations).toHaveLength(1);
  });

  it('is noted first, so that an end that cannot be noted is not announced again and again', async () => {
    await running({ status: 'FAILED' });
    service.jobs.markAnnounced = service.jobs.recover = () => Promise.reject(new Error('no writes'));
    expect(await service.minutesOf('failed', 60)).toHaveLength(60);
    expect(service.messaging.announced).toEqual([]);
  });

  it('is sent as soon as its queue is back after an outage, because a message that was refused was no try', async () => {
    await running();
    const outage = new Error('the queue is down');
    const down = { ...service.ports, continuations: { send: () => Promise.reject(outage) } };
    for (let minutes = 0; minutes < 120; minutes += 1) {
      service.wait();
      expect(await service.sweep(undefined, down)).toEqual({ ...NOTHING, failed: 1 });
    }
    expect(new Set(service.failures)).toEqual(new Set([outage]));
    expect(await service.sweepLater()).toEqual({ ...NOTHING, resumed: 1 });
  });

  it('waits if it could not be sent and that could not be noted either', async () => {
    await running();
    const outage = new Error('the queue is down');
    const recover = service.jobs.recover.bind(service.jobs);
    const send = (): Promise<void> => {
      service.jobs.recover = () => Promise.reject(new Error('no writes'));
      return Promise.reject(outage);
    };
    service.wait();
    expect(await service.sweep(undefined, { continuations: { send } })).toEqual({ ...NOTHING, failed: 1 });
    expect(service.failures).toEqual([outage]);
    service.jobs.recover = recover;
    service.now += 60_000;
    expect(await service.sweep()).toEqual(NOTHING);
  });
});

describe('a sweep without the time for all jobs', () => {
  /** Each read of a job takes 6 ms, each search for an object 34. */
  class SlowStores {
    spent = 0;
    readonly looked = new Set<string>();

    get ports() {
      const { jobs, objects } = service;
      const slow = <Port extends object>(port: Port, method: string, milliseconds: number): Port =>
        new Proxy(port, {
          get: (target, property) => {
            const value: unknown = Reflect.get(target, property);
            if (typeof value !== 'function') return value;
            return (...args: unknown[]) => {
              if (property === method) this.#spend(milliseconds, args[0]);
              return Reflect.apply(value, target, args) as unknown;
            };
          },
        });
      return { jobs: slow(jobs, 'read', 6), listing: slow(objects, 'find', 34) };
    }

    async sweep(): Promise<void> {
      this.spent = 0;
      service.wait();
      await service.sweep({ remainingMilliseconds: () => 50_000 - this.spent }, this.ports);
    }

    #spend(milliseconds: number, of: unknown): void {
      this.spent += milliseconds;
      if (typeof of === 'object' && of !== null && 'jobId' in of) this.looked.add(String(of.jobId));
    }
  }

  const waiting = (index: number): Job => {
    const jobId = `01948f3d-2c00-7000-8000-${index.toString(16).padStart(12, '0')}`;
    return newJob({ ...aJob(), jobId, source: { key: `uploads/default/${jobId}/large.csv` }, presigned: {} });
  };

  it('reaches each of many presigned uploads, and the jobs behind them, within some minutes', async () => {
    for (let index = 0; index < 3_000; index += 1) await service.jobs.create(waiting(index));
    const forgotten = await running();
    const stores = new SlowStores();
    for (let minutes = 0; minutes < 9; minutes += 1) await stores.sweep();
    expect(stores.looked.size).toBe(3_001);
    expect(service.messaging.sentContinuations[0]).toMatchObject({ jobId: forgotten.jobId });
  });

  it('leaves a job alone that ended after it was listed', async () => {
    const job = await running({ status: 'COMPLETED' });
    service.jobs.listStalled = async function* () {
      yield job;
    };
    expect(await service.sweepLater()).toEqual(NOTHING);
  });

  it('handles the jobs that were listed before the list failed', async () => {
    await running();
    const broken = new Error('throttled');
    const { jobs } = service;
    const listStalled = jobs.listStalled.bind(jobs);
    jobs.listStalled = async function* (before) {
      yield* listStalled(before);
      throw broken;
    };
    expect(await service.sweepLater()).toEqual({ ...NOTHING, resumed: 1, failed: 1 });
    expect(service.failures).toEqual([broken]);
  });
});
