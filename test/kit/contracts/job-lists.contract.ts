import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CursorError } from '../../../src/contract/index.ts';
import type { Job, JobListQuery, Jobs } from '../../../src/engine/index.ts';
import { CREATED_AT } from '../factories.ts';
import { anAwkwardJob, CLOSE, COMPLETED, FAILED, LATER, OTHER_WRITES, RECOVERY, SEAL, START, WRITES } from '../jobs.ts';

/** The properties of a job store that the engine relies on when it looks for jobs. */
export const jobListsContract = (name: string, open: () => Promise<Jobs>): void =>
  describe(`${name} keeps the contract of the lists of Jobs`, () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await open();
    });

    const created = (changes?: Partial<Job>): Promise<Job> => jobs.create(anAwkwardJob(changes));
    const started = async (): Promise<Job> => jobs.start(await created(), START);
    const sealed = async (): Promise<Job> => jobs.seal(await started(), SEAL);

    describe('listStalled', () => {
      const SOON = 60_000;
      const stillOf = async (tenant: string, before: number): Promise<string[]> => {
        const found = await Array.fromAsync(jobs.listStalled(before));
        return found.flatMap((key) => (key.tenant === tenant ? [key.jobId] : [])).toSorted();
      };
      const isListed = async ({ tenant }: Job): Promise<boolean> =>
        (await stillOf(tenant, Date.now() + SOON)).length > 0;
      /** Resolves to an instant after everything that was written before. */
      const anInstantLater = async (): Promise<number> => {
        const begin = Date.now();
        while (Date.now() <= begin) await jobs.read(anAwkwardJob());
        return Date.now();
      };

      it('lists every job once, whatever partition its id selects', async () => {
        const tenant = randomUUID();
        const ids = '00123456789abcdef'.split('').map((digit) => `${randomUUID().slice(0, -1)}${digit}`);
        for (const jobId of ids) await created({ tenant, jobId });
        expect(await stillOf(tenant, Date.now() + SOON)).toEqual(ids.toSorted());
      });

      it('lists the jobs that have not changed since the given instant', async () => {
        const tenant = randomUUID();
        const before = Date.now();
        const [one, other] = [await created({ tenant }), await created({ tenant })];
        expect(await stillOf(tenant, before)).toEqual([]);
        const later = await anInstantLater();
        expect(await jobs.recover(one, 0, RECOVERY)).toEqual({ ...one, recovery: RECOVERY });
        expect(await stillOf(tenant, later)).toEqual([other.jobId]);
      });

      it('counts every write as a change, even one that changes nothing a caller sees', async () => {
        const job = await created();
        for (const [write, run] of [...WRITES.filter(([name]) => name !== 'finish'), ...OTHER_WRITES.slice(0, 2)]) {
          const later = await anInstantLater();
          expect([write, await stillOf(job.tenant, later)]).toEqual([write, [job.jobId]]);
          await run(jobs, job);
          expect([write, await stillOf(job.tenant, later)]).toEqual([write, []]);
        }
      });

      it('does not count a refused write as a change', async () => {
        const job = await sealed();
        const later = await anInstantLater();
        await jobs.advance(job, LATER);
        await jobs.finish(job, FAILED);
        expect(await stillOf(job.tenant, later)).toEqual([job.jobId]);
      });

      it('leaves out a job that has completed', async () => {
        const job = await jobs.finish(await sealed(), COMPLETED);
        expect(await isListed(job)).toBe(false);
      });

      it.each([FAILED, { status: 'CANCELLED', at: 1, guard: {} } as const])(
        'lists a job that ended as %j until its end is announced, and not after that',
        async (end) => {
          const job = await jobs.finish(await started(), end);
          expect(await isListed(job)).toBe(true);
          await jobs.markAnnounced(job);
          expect(await isListed(job)).toBe(false);
          await jobs.close(job, CLOSE);
          await jobs.recover(job, 0, RECOVERY);
          expect(await isListed(job)).toBe(false);
        },
      );
    });

    describe('list', () => {
      /** Creates eleven jobs, some at the same instant, every third one ended. Resolves to them, newest first. */
      async function elevenOf(tenant: string): Promise<readonly Job[]> {
        const jobsOfTenant = Array.from({ length: 11 }, (_, index) =>
          anAwkwardJob({
            tenant,
            createdAt: CREATED_AT + Math.floor(index / 2),
            ...(index % 3 === 0 && { status: 'FAILED' }),
          }),
        );
        for (const job of jobsOfTenant) await jobs.create(job);
        return jobsOfTenant.toSorted((a, b) => b.createdAt - a.createdAt || (a.jobId < b.jobId ? 1 : -1));
      }

      /** Reads page after page to the end. Fails if a page is longer than asked for, or if the list never ends. */
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

      it('lists each job of the tenant once, newest first, by pages of any size', async () => {
        const tenant = randomUUID();
        const expected = await elevenOf(tenant);
        await created();
        for (const limit of [1, 2, 5, 10, 11, 12, 100]) expect(await allPages({ tenant, limit })).toEqual(expected);
      });

      it('lists only the jobs with a given status, by pages of any size', async () => {
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

      it('continues after its cursor, whatever was created since', async () => {
        const tenant = randomUUID();
        const expected = await elevenOf(tenant);
        const { jobs: first, after } = await jobs.list({ tenant, limit: 4 });
        await created({ tenant, createdAt: CREATED_AT + 1_000 });
        const rest = await jobs.list({ tenant, limit: 100, after: String(after) });
        expect([...first, ...rest.jobs]).toEqual(expected);
      });

      const toCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');
      it.each([
        ['empty', ''],
        ['no base64', '😀'],
        ['no JSON', 'x'],
        ['no position', toCursor(1)],
        ['nowhere', toCursor({})],
        ['an empty position', toCursor({ after: '' })],
        ['a number', toCursor({ after: 1 })],
        ['a position of another kind', toCursor({ after: 'x' })],
        ['endless', toCursor({ after: 'x'.repeat(10_000) })],
        ['no text', toCursor({ after: '\ud800' })],
      ])('refuses a cursor that it did not issue: %s', async (_, after) => {
        await expect(jobs.list({ tenant: randomUUID(), limit: 5, after })).rejects.toBeInstanceOf(CursorError);
      });
    });
  });
