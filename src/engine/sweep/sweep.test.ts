import { beforeEach, describe, expect, it } from '@jest/globals';
import { aBatch, aCut, aDelivery, aJob, aRunningJob, CREATED_AT, Names } from '../../../test/kit/factories.ts';
import {
  MemoryContents,
  MemoryJobs,
  MemoryLedger,
  MemoryMessaging,
  MemoryObjects,
} from '../../../test/kit/memory/index.ts';
import { NOTHING } from '../../../test/kit/swept-service.ts';
import { complete } from '../settle/complete.ts';
import { FanOut } from '../split/fan-out.ts';
import { segmentKey, segmentOf, type Job } from '../model/job.ts';
import type { Deadline } from '../ports/clock.ts';
import { Processor } from '../process/process.ts';
import { STILL_AFTER_MILLISECONDS, Sweep, type SweepReport } from './sweep.ts';

const PREFIX = 'uploads/';
const TENANT = 'default';
const AT = { byteOffset: 25, line: 4, nextItem: 2, nextBatch: 1 };
const DATA_START = { byteOffset: 5, line: 2, nextItem: 0, nextBatch: 0 };
const SEAL = { itemCount: 8, batchCount: 4 };

const failures: unknown[] = [];
let now: number;
let jobs: MemoryJobs;
let ledger: MemoryLedger;
let messaging: MemoryMessaging;
let objects: MemoryObjects;
const depths = { batches: async () => 0, continuations: async () => 0, completions: async () => 0 };
beforeEach(() => {
  now = CREATED_AT;
  const clock = { now: () => now };
  [jobs, ledger, messaging] = [new MemoryJobs(clock), new MemoryLedger(clock), new MemoryMessaging()];
  objects = new MemoryObjects(64, { objectsPerPage: 2 });
});

const ports = () => ({
  jobs,
  ledger,
  failures: ledger,
  sources: objects,
  manifests: objects,
  listing: objects,
  batches: messaging.batches,
  continuations: messaging.continuations,
  depths,
  announcer: messaging.announcer,
  clock: { now: () => now },
});
const rules = () => ({ jobs, clock: { now: () => now }, cut: aCut(), prefix: PREFIX, tenant: TENANT });
const PLENTY: Deadline = { remainingMilliseconds: () => 60_000 };
const sweep = (deadline = PLENTY): Promise<SweepReport> =>
  new Sweep(ports(), rules()).run(deadline, (reason) => failures.push(reason));
/** Waits until nothing counts as recent. */
const wait = (milliseconds = STILL_AFTER_MILLISECONDS + 1): void => void (now += milliseconds);
const stored = async (job: Job): Promise<Job> => (await jobs.read(job))!;
/** A job whose object is stored, so that no sweep adopts that. */
async function create(job: Job): Promise<Job> {
  await objects.put(job.source.key, Buffer.from('name\nAda\nBob\n'));
  return jobs.create({ ...job, source: { key: job.source.key, ...objects.version(job.source.key) } });
}
const running = (changes: Partial<Job> = {}): Promise<Job> =>
  create(aRunningJob({ dataStart: DATA_START, checkpoint: AT, ...changes }));
const record = async (job: Job, ...batches: number[]): Promise<void> => {
  for (const batch of batches) {
    await ledger.record(segmentKey(job, segmentOf(job.cut, batch)), [{ batch, succeeded: 2, failed: 0, bytes: 10 }]);
  }
};
const continuationOf = ({ tenant, jobId }: Job, nextBatch = AT.nextBatch, recovery = 1) => ({
  kind: 'split',
  tenant,
  jobId,
  nextBatch,
  attempt: 0,
  recovery,
});

describe('a sweep over jobs without progress', () => {
  it('continues after a job that it cannot handle, and reports why', async () => {
    await running();
    const broken = await running({ jobId: '01948f3c-2c00-7000-8000-000000000002' });
    wait();
    const unreadable = new Error('unreadable');
    const read = jobs.read.bind(jobs);
    jobs.read = (key) => (key.jobId === broken.jobId ? Promise.reject(unreadable) : read(key));
    failures.length = 0;
    expect(await sweep()).toMatchObject({ resumed: 1, failed: 1 });
    expect(failures).toEqual([unreadable]);
  });

  it('leaves to the next sweep what it has no time for', async () => {
    await running();
    await objects.put(`${PREFIX}new.csv`, Buffer.from('name\nAda\n'));
    wait();
    expect(await sweep({ remainingMilliseconds: () => 9_999 })).toEqual(NOTHING);
    expect(await sweep()).toMatchObject({ resumed: 1, adopted: 1 });
  });

  it('asks for the plan of a redrive whose message was lost, until it is planned', async () => {
    const job = await running({ status: 'COMPLETED', closed: [[0, 1]], failed: 1 });
    await jobs.reserveRedrive(job, { number: 1, isPlanned: false });
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resumed: 1 });
    expect(messaging.sentContinuations).toEqual([
      { kind: 'plan', tenant: TENANT, jobId: job.jobId, redrive: { number: 1 } },
    ]);
    expect(await sweep()).toEqual(NOTHING);
    await jobs.markPlanned(job, 1);
    wait();
    expect(await sweep()).toEqual(NOTHING);
  });

  it('repairs the numbers of a job that is not sealed, and has it continued', async () => {
    const job = await running({ closed: [[0, 0]], succeeded: 999 });
    await record(job, 0, 1);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, repaired: 1 });
    expect(await stored(job)).toMatchObject({ succeeded: 4 });
    expect(messaging.sentContinuations).toEqual([continuationOf(job)]);
  });

  it.each([
    ['CANCELLED', 'cancelled'],
    ['FAILED', 'failed'],
  ] as const)('announces once a job that is %s, if it is not noted as announced', async (status, kind) => {
    const job = await running({ status });
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, announced: 1 });
    wait();
    expect(await sweep()).toEqual(NOTHING);
    expect(messaging.announced).toMatchObject([{ kind, jobId: job.jobId }]);
  });

  it('has a fan-out continued at its checkpoint if its message was lost', async () => {
    const job = await running();
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resumed: 1 });
    expect(messaging.sentContinuations).toEqual([continuationOf(job)]);
    expect(await stored(job)).toEqual({ ...job, recovery: expect.objectContaining({ number: 1, tries: 1 }) });
  });

  it('has the fan-out of a job begun whose object is pinned', async () => {
    const job = await create(aJob());
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resumed: 1 });
    expect(messaging.sentContinuations).toEqual([continuationOf(job, 0)]);
  });

  it('waits for the result before it asks again', async () => {
    await running();
    wait();
    await sweep();
    wait(STILL_AFTER_MILLISECONDS);
    expect(await sweep()).toEqual(NOTHING);
    wait(1);
    expect(await sweep()).toEqual({ ...NOTHING, resumed: 1 });
    expect(messaging.sentContinuations).toHaveLength(2);
  });

  it('rolls up the full segments of a sealed job, and announces its completion', async () => {
    const job = await running({ seal: SEAL });
    await record(job, 0, 1, 2, 3);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, settled: 1 });
    expect(await stored(job)).toMatchObject({ closed: [[0, 1]], succeeded: 8 });
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 8, succeeded: 8, failed: 0 } }]);
    expect(messaging.sentContinuations).toEqual([]);
  });

  it('announces a completion again until the completer has handled it', async () => {
    const job = await running({ seal: SEAL, closed: [[0, 1]], succeeded: 8, doneBytes: 40 });
    await record(job, 0, 1, 2, 3);
    for (let minutes = 0; minutes < 2; minutes += 1) {
      wait();
      expect(await sweep()).toEqual({ ...NOTHING, settled: 1 });
    }
    expect(messaging.announced).toHaveLength(2);
    expect(messaging.announced[1]).toEqual(messaging.announced[0]);
    await complete(ports(), job);
    wait();
    expect(await sweep()).toEqual(NOTHING);
  });

  it('fails a job that exceeds its tolerance, if no worker checked it', async () => {
    const job = await running({ seal: SEAL, tolerance: { failedCount: 0 } });
    for (const segment of [0, 1]) {
      const outcomes = [0, 1].map((at) => ({ batch: 2 * segment + at, succeeded: 1, failed: 1, bytes: 10 }));
      await ledger.record(segmentKey(job, segment), outcomes);
    }
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, settled: 1 });
    expect(messaging.announced).toMatchObject([{ kind: 'failed', failure: { code: 'TOO_MANY_FAILURES' } }]);
    expect(await stored(job)).toMatchObject({ status: 'FAILED', isAnnounced: true });
  });

  it('has the batches sent again that the ledger of a sealed job lacks, and rolls up the others', async () => {
    const job = await running({ seal: SEAL });
    await record(job, 0, 1, 2);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resent: 1 });
    expect(await stored(job)).toMatchObject({ closed: [[0, 0]], succeeded: 4 });
    expect(messaging.sentContinuations).toEqual([
      { kind: 'resend', tenant: TENANT, jobId: job.jobId, from: DATA_START, recovery: 1 },
    ]);
    expect(messaging.announced).toEqual([]);
    wait(STILL_AFTER_MILLISECONDS);
    expect(await sweep()).toEqual(NOTHING);
  });

  it('has a sealed job settled that does not say where its data begins', async () => {
    const { dataStart: _, ...job } = aRunningJob({ checkpoint: AT, seal: SEAL });
    await create(job);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resent: 1 });
    expect(messaging.sentContinuations).toEqual([continuationOf(job)]);
  });

  it('repairs numbers that are not those of the ledger before anything else', async () => {
    const job = await running({ seal: SEAL, closed: [[0, 0]], succeeded: 400, doneBytes: 20 });
    await record(job, 0, 1);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, repaired: 1 });
    expect(await stored(job)).toMatchObject({ succeeded: 4, failed: 0, doneBytes: 20 });
    expect(messaging.sentContinuations).toEqual([]);
  });

  it.each<[string, Partial<Job>]>([
    ['is being split', {}],
    ['is sealed', { seal: SEAL }],
    ['has ended', { status: 'FAILED' }],
  ])('leaves a job alone that %s and changed a moment ago', async (_, state) => {
    const job = await running(state);
    wait(STILL_AFTER_MILLISECONDS);
    expect(await sweep()).toEqual(NOTHING);
    wait();
    await jobs.recover(job, 0, { number: 1, tries: 1, progress: 0, dueAt: 0 });
    expect(await sweep()).toEqual(NOTHING);
    expect(messaging).toMatchObject({ sentContinuations: [], announced: [], sentBatches: [] });
  });

  it('leaves a sealed job alone if one of its open segments changed a moment ago', async () => {
    const job = await running({ seal: SEAL });
    wait();
    await record(job, 0);
    wait(STILL_AFTER_MILLISECONDS);
    expect(await sweep()).toEqual(NOTHING);
    wait(1);
    expect(await sweep()).toEqual({ ...NOTHING, resent: 1 });
  });

  it('handles each of many jobs', async () => {
    const states: Partial<Job>[] = [
      {},
      { status: 'FAILED' },
      { seal: SEAL },
      { seal: { itemCount: 0, batchCount: 0 } },
    ];
    for (const [index, state] of states.entries()) {
      const jobId = `${aJob().jobId.slice(0, -1)}${index}`;
      await running({ jobId, source: { key: `${PREFIX}${TENANT}/${jobId}/names.csv` }, ...state });
    }
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, announced: 1, resumed: 1, settled: 1, resent: 1 });
  });
});

describe('the work that a sweep starts', () => {
  const LIMITS = {
    batchesPerSend: 2,
    sendsInFlight: 2,
    reserveMilliseconds: 0,
    failuresPerPage: 2,
    manifestBytes: 1_000,
  };

  it('ends a file whose event and first messages were all lost', async () => {
    await objects.put(`${PREFIX}names.csv`, Buffer.from(`name\n${'Ada\n'.repeat(11)}`));
    const names = new Names();
    const fanOut = new FanOut({ ...ports(), contents: new MemoryContents() }, names.columns, LIMITS);
    const forever = { remainingMilliseconds: () => Infinity };
    const reports: SweepReport[] = [];
    const lostAt = [1, 3];
    for (let minutes = 0; minutes < 12 && !messaging.announced.length; minutes += 1) {
      wait();
      reports.push(await sweep());
      const continuations = messaging.sentContinuations.splice(0);
      if (!lostAt.includes(minutes)) for (const one of continuations) await fanOut.resume(one, forever);
      const batches = messaging.sentBatches.splice(0).filter(({ batch }) => batch % 3 === minutes % 3);
      await new Processor(ports(), names).process(
        batches.map((batch) => aDelivery(batch)),
        PLENTY,
      );
    }
    expect(reports.reduce((sum, { adopted }) => sum + adopted, 0)).toBe(1);
    expect(reports.some(({ resent }) => resent > 0)).toBe(true);
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 11, succeeded: 11, failed: 0 } }]);
    expect(names.visible).toHaveLength(11);
  });

  it('does no harm to a job that other functions are at work on', async () => {
    const job = await running({ seal: { itemCount: 4, batchCount: 2 } });
    const names = new Names();
    wait();
    const deliveries = [0, 1].map((batch) => aDelivery(aBatch(job, batch)));
    await Promise.all([sweep(), new Processor(ports(), names).process(deliveries, PLENTY), sweep()]);
    expect(await stored(job)).toMatchObject({ closed: [[0, 0]], succeeded: 4, failed: 0 });
    expect(new Set(messaging.announced.map((event) => JSON.stringify(event))).size).toBe(1);
  });
});
