import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CursorError } from '../../src/contract/index.ts';
import {
  newJob,
  UnknownJobError,
  type Job,
  type JobKey,
  type JobListQuery,
  type Jobs,
} from '../../src/engine/index.ts';

const CUT = { itemsPerBatch: 25, batchesPerSegment: 100, batchBytes: 60 * 1024 };
const HEADER = ['title', '', ' Größe 😀 \uffff\u0000', '__proto__'];
const CREATED_AT = Date.UTC(2026, 0, 31, 8);

const SOURCE = { key: 'uploads/default/x/Aufgaben für 😀.csv', etag: 'abc', bytes: 5_000_000_000 };
const START = {
  header: HEADER,
  checkpoint: { byteOffset: 6, line: 2, nextItem: 0, nextBatch: 0 },
  at: CREATED_AT + 10,
};
const LATER = { byteOffset: 900, line: 52, nextItem: 50, nextBatch: 2 };
const SEAL = { itemCount: 60, batchCount: 3 };
const CLOSE = { from: [], to: [[0, 0]], succeeded: 58, failed: 2, doneBytes: 1_000 } as const;
const COMPLETED = { status: 'COMPLETED', at: CREATED_AT + 20, whileSealed: true } as const;
const FAILED = {
  status: 'FAILED',
  at: CREATED_AT + 30,
  whileSealed: false,
  failure: { code: 'UNCLOSED_QUOTE', message: 'The quote “ is never closed.' },
} as const;

const aJob = (changes: Partial<Job> = {}): Job => ({
  ...newJob({
    tenant: randomUUID(),
    jobId: randomUUID(),
    name: 'Aufgaben für 😀.csv',
    cut: CUT,
    source: { key: SOURCE.key },
    createdAt: CREATED_AT,
    requestDigest: 'digest',
  }),
  ...changes,
});

/** Every write of the port, with a job in which it has an effect. */
const WRITES: readonly (readonly [name: string, (jobs: Jobs, key: JobKey) => Promise<Job>])[] = [
  ['pin', (jobs, key) => jobs.pin(key, SOURCE)],
  ['start', (jobs, key) => jobs.start(key, START)],
  ['advance', (jobs, key) => jobs.advance(key, LATER)],
  ['close', (jobs, key) => jobs.close(key, CLOSE)],
  ['seal', (jobs, key) => jobs.seal(key, SEAL)],
  ['finish', (jobs, key) => jobs.finish(key, COMPLETED)],
];

/** What the engine leans on in a job store. */
export const jobsContract = (name: string, open: () => Promise<Jobs>): void =>
  describe(`${name} keeps the contract of Jobs`, () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await open();
    });

    const created = (changes?: Partial<Job>): Promise<Job> => jobs.create(aJob(changes));
    const started = async (): Promise<Job> => jobs.start(await created(), START);
    const sealed = async (): Promise<Job> => jobs.seal(await started(), SEAL);

    it('gives back what was created, whatever its text', async () => {
      const job = aJob();
      expect(await jobs.create(job)).toEqual(job);
      expect(await jobs.read(job)).toEqual(job);
    });

    it('gives back a job that has everything a job can have', async () => {
      const { at: startedAt, ...first } = START;
      const { at: completedAt, status, failure } = FAILED;
      const end = {
        completedAt,
        status,
        failure,
        seal: SEAL,
        closed: [
          [0, 3],
          [5, 5],
        ] as const,
      };
      const job = aJob({ ...first, ...end, startedAt, source: SOURCE });
      await jobs.create(job);
      expect(await jobs.read(job)).toEqual(job);
    });

    it('keeps the job that was created first', async () => {
      const first = await created();
      expect(await jobs.create({ ...first, name: 'another.csv', createdAt: 1 })).toEqual(first);
      expect(await jobs.read(first)).toEqual(first);
    });

    it('lets one of many concurrent creators stand, and tells all which', async () => {
      const job = aJob();
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) => jobs.create({ ...job, name: `${index}.csv` })),
      );
      const stored = await jobs.read(job);
      expect(results).toEqual(results.map(() => stored));
    });

    it('keeps the tenants apart', async () => {
      const one = await created();
      const other = await created({ jobId: one.jobId, name: 'other.csv' });
      await jobs.start(one, START);
      expect(await jobs.read(other)).toEqual(other);
      expect(await jobs.read({ tenant: randomUUID(), jobId: one.jobId })).toBeUndefined();
    });

    it.each(WRITES)('refuses to %s a job that is not stored, and stores nothing', async (_, write) => {
      const job = aJob();
      await expect(write(jobs, job)).rejects.toBeInstanceOf(UnknownJobError);
      expect(await jobs.read(job)).toBeUndefined();
    });

    it('repeats every write without another effect, and answers the same', async () => {
      const job = await created();
      for (const [write, run] of WRITES) {
        const before = await jobs.read(job);
        const once = await run(jobs, job);
        expect([write, once]).not.toEqual([write, before]);
        expect([write, await run(jobs, job)]).toEqual([write, once]);
        expect([write, await jobs.read(job)]).toEqual([write, once]);
      }
      expect(await jobs.read(job)).toMatchObject({ succeeded: 58, failed: 2, doneBytes: 1_000, status: 'COMPLETED' });
    });

    describe('pin', () => {
      it('makes the job about one version of its source', async () => {
        const job = await created();
        expect(await jobs.pin(job, SOURCE)).toEqual({ ...job, source: SOURCE });
        expect(await jobs.read(job)).toEqual({ ...job, source: SOURCE });
      });

      it('stands, whatever version comes later', async () => {
        const pinned = await jobs.pin(await created(), SOURCE);
        expect(await jobs.pin(pinned, { ...SOURCE, etag: 'def', bytes: 1 })).toEqual(pinned);
        expect(await jobs.pin(await jobs.start(pinned, START), { ...SOURCE, etag: 'def' })).toMatchObject({
          source: SOURCE,
        });
      });

      it('stands for one of many versions that come at once, and tells all for which', async () => {
        const job = await created();
        const results = await Promise.all(
          Array.from({ length: 10 }, (_, index) => jobs.pin(job, { ...SOURCE, etag: String(index) })),
        );
        const stored = await jobs.read(job);
        expect(results).toEqual(results.map(() => stored));
      });
    });

    describe('start', () => {
      it('keeps header and first checkpoint, and begins the time', async () => {
        const job = await created();
        const { at, ...first } = START;
        const expected = { ...job, ...first, status: 'IN_PROGRESS', startedAt: at };
        expect(await jobs.start(job, START)).toEqual(expected);
        expect(await jobs.read(job)).toEqual(expected);
      });

      it('happens once', async () => {
        const first = await started();
        expect(await jobs.start(first, { ...START, header: ['x'], at: 1 })).toEqual(first);
        const later = await jobs.advance(first, LATER);
        expect(await jobs.start(first, START)).toEqual(later);
      });

      it('does nothing to a job that has ended', async () => {
        const ended = await jobs.finish(await created(), FAILED);
        expect(await jobs.start(ended, START)).toEqual(ended);
      });
    });

    describe('advance', () => {
      it('moves forward only', async () => {
        const job = await started();
        const later = await jobs.advance(job, LATER);
        expect(later).toEqual({ ...job, checkpoint: LATER });
        expect(await jobs.advance(job, { ...LATER, nextBatch: 1, nextItem: 25, byteOffset: 450 })).toEqual(later);
        expect(await jobs.advance(job, { ...LATER, byteOffset: 901 })).toEqual(later);
      });

      it('ends at the furthest of many concurrent checkpoints', async () => {
        const job = await started();
        const batches = Array.from({ length: 20 }, (_, index) => ((index * 7) % 20) + 1);
        await Promise.all(batches.map((nextBatch) => jobs.advance(job, { ...LATER, nextBatch })));
        expect(await jobs.read(job)).toMatchObject({ checkpoint: { nextBatch: 20 } });
      });

      it('does nothing to a job that is sealed or has ended', async () => {
        const isSealed = await sealed();
        expect(await jobs.advance(isSealed, LATER)).toEqual(isSealed);
        const ended = await jobs.finish(await started(), FAILED);
        expect(await jobs.advance(ended, LATER)).toEqual(ended);
      });
    });

    describe('seal', () => {
      it('fixes the totals once', async () => {
        const job = await started();
        const isSealed = await jobs.seal(job, SEAL);
        expect(isSealed).toEqual({ ...job, seal: SEAL });
        expect(await jobs.seal(job, { itemCount: 1, batchCount: 1 })).toEqual(isSealed);
      });

      it('takes totals of nothing', async () => {
        const nothing = { itemCount: 0, batchCount: 0 };
        expect(await jobs.seal(await started(), nothing)).toMatchObject({ seal: nothing });
      });

      it('does nothing to a job that has ended', async () => {
        const ended = await jobs.finish(await started(), FAILED);
        expect(await jobs.seal(ended, SEAL)).toEqual(ended);
      });
    });

    describe('close', () => {
      it('adds a segment to the counts, if the closed set is still the one that was read', async () => {
        const job = await started();
        const closed = await jobs.close(job, CLOSE);
        expect(closed).toEqual({ ...job, closed: [[0, 0]], succeeded: 58, failed: 2, doneBytes: 1_000 });
        expect(await jobs.close(job, { ...CLOSE, to: [[1, 1]] })).toEqual(closed);
        expect(
          await jobs.close(job, { from: [[0, 0]], to: [[0, 1]], succeeded: 1, failed: 1, doneBytes: 10 }),
        ).toMatchObject({ closed: [[0, 1]], succeeded: 59, failed: 3, doneBytes: 1_010 });
      });

      it('counts each of many concurrent segments once', async () => {
        const job = await started();
        const segments = Array.from({ length: 12 }, (_, index) => index * 2);
        await Promise.all(
          segments.map(async (segment) => {
            const has = ({ closed }: Job): boolean => closed.some(([first]) => first === segment);
            for (let current = job; !has(current);) {
              const to = [...current.closed, [segment, segment] as const];
              current = await jobs.close(job, { from: current.closed, to, succeeded: 20, failed: 5, doneBytes: 100 });
            }
          }),
        );
        const stored = await jobs.read(job);
        expect(stored).toMatchObject({ succeeded: 240, failed: 60, doneBytes: 1_200 });
        expect(stored?.closed.map(([first]) => first).toSorted((a, b) => a - b)).toEqual(segments);
      });

      it('still counts on a job that has ended', async () => {
        const ended = await jobs.finish(await started(), FAILED);
        expect(await jobs.close(ended, CLOSE)).toMatchObject({ status: 'FAILED', succeeded: 58 });
      });
    });

    describe('finish', () => {
      it('turns a sealed job once', async () => {
        const job = await sealed();
        const { at, status } = COMPLETED;
        const completed = await jobs.finish(job, COMPLETED);
        expect(completed).toEqual({ ...job, status, completedAt: at });
        expect(await jobs.finish(job, { ...FAILED, whileSealed: true })).toEqual(completed);
        expect(await jobs.finish(job, { ...COMPLETED, at: at + 1 })).toEqual(completed);
      });

      it('turns an unsealed job once, with its failure', async () => {
        const job = await started();
        const { at, status, failure } = FAILED;
        const failed = await jobs.finish(job, FAILED);
        expect(failed).toEqual({ ...job, status, completedAt: at, failure });
        expect(await jobs.finish(job, { status: 'CANCELLED', at: 1, whileSealed: false })).toEqual(failed);
      });

      it('turns a job whose source never came', async () => {
        expect(await jobs.finish(await created(), FAILED)).toMatchObject({ status: 'FAILED' });
      });

      it('guards on the seal, both ways', async () => {
        const unsealed = await started();
        expect(await jobs.finish(unsealed, COMPLETED)).toEqual(unsealed);
        const isSealed = await sealed();
        expect(await jobs.finish(isSealed, FAILED)).toEqual(isSealed);
      });

      it('lets one of many concurrent ends stand, and tells all which', async () => {
        const job = await sealed();
        const ends = (['COMPLETED', 'CANCELLED', 'FAILED'] as const).flatMap((status) => [status, status, status]);
        const results = await Promise.all(
          ends.map((status, index) => jobs.finish(job, { status, at: index, whileSealed: true })),
        );
        const stored = await jobs.read(job);
        expect(results).toEqual(results.map(() => stored));
      });
    });

    describe('list', () => {
      /** Eleven jobs, some of the same instant, every third one ended. Resolves to them newest first. */
      async function elevenOf(tenant: string): Promise<readonly Job[]> {
        const jobsOfTenant = Array.from({ length: 11 }, (_, index) =>
          aJob({ tenant, createdAt: CREATED_AT + Math.floor(index / 2), ...(index % 3 === 0 && { status: 'FAILED' }) }),
        );
        for (const job of jobsOfTenant) await jobs.create(job);
        return jobsOfTenant.toSorted((a, b) => b.createdAt - a.createdAt || (a.jobId < b.jobId ? 1 : -1));
      }

      /** Page after page to the end; fails if a page is longer than asked for, or if it never ends. */
      async function allPages(query: JobListQuery): Promise<readonly Job[]> {
        const found: Job[] = [];
        let after: string | undefined;
        for (let page = 0; page < 30; page++) {
          const result = await jobs.list({ ...query, ...(after !== undefined && { after }) });
          expect(result.jobs.length).toBeLessThanOrEqual(query.limit);
          found.push(...result.jobs);
          after = result.after;
          if (after === undefined) return found;
        }
        throw new Error('the list does not end');
      }

      it('is empty for a tenant without jobs', async () => {
        expect(await jobs.list({ tenant: randomUUID(), limit: 5 })).toEqual({ jobs: [] });
      });

      it('gives each job of the tenant once, newest first, by pages of any size', async () => {
        const tenant = randomUUID();
        const expected = await elevenOf(tenant);
        await created();
        for (const limit of [1, 2, 5, 10, 11, 12, 100]) expect(await allPages({ tenant, limit })).toEqual(expected);
      });

      it('gives only jobs of a status, by pages of any size', async () => {
        const tenant = randomUUID();
        const expected = (await elevenOf(tenant)).filter(({ status }) => status === 'FAILED');
        for (const limit of [1, 2, 4, 11]) {
          expect(await allPages({ tenant, limit, status: 'FAILED' })).toEqual(expected);
        }
        expect(await allPages({ tenant, limit: 3, status: 'COMPLETED' })).toEqual([]);
      });

      it('shows every job as it is stored now', async () => {
        const job = await created();
        const stored = await jobs.seal(job, SEAL);
        expect(await jobs.list({ tenant: job.tenant, limit: 1 })).toMatchObject({ jobs: [stored] });
      });

      it('goes on from its cursor, whatever was created since', async () => {
        const tenant = randomUUID();
        const expected = await elevenOf(tenant);
        const { jobs: first, after } = await jobs.list({ tenant, limit: 4 });
        await created({ tenant, createdAt: CREATED_AT + 1_000 });
        const rest = await jobs.list({ tenant, limit: 100, after: String(after) });
        expect([...first, ...rest.jobs]).toEqual(expected);
      });

      const encoded = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
      it.each([
        ['empty', ''],
        ['no base64', '😀'],
        ['no JSON', 'x'],
        ['no place', encoded(1)],
        ['nowhere', encoded({})],
        ['an empty place', encoded({ after: '' })],
        ['a number', encoded({ after: 1 })],
        ['a place of another kind', encoded({ after: 'x' })],
        ['endless', encoded({ after: 'x'.repeat(10_000) })],
        ['no text', encoded({ after: '\ud800' })],
      ])('refuses a cursor that it has not given: %s', async (_, after) => {
        await expect(jobs.list({ tenant: randomUUID(), limit: 5, after })).rejects.toBeInstanceOf(CursorError);
      });
    });
  });
