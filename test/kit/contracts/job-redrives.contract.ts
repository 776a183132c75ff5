import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job, JobKey, Jobs } from '../../../src/engine/index.ts';
import { anAwkwardJob, COMPLETED, FAILED, REDRIVE, SEAL, START } from '../jobs.ts';

/** The properties of a job store that the engine relies on for jobs that continue after their end. */
export const jobRedrivesContract = (name: string, open: () => Promise<Jobs>): void =>
  describe(`${name} keeps the contract of the redrives of Jobs`, () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await open();
    });

    const started = async (): Promise<Job> => jobs.start(await jobs.create(anAwkwardJob()), START);
    const failed = async (): Promise<Job> => jobs.finish(await started(), FAILED);
    const completed = async (): Promise<Job> => jobs.finish(await jobs.seal(await started(), SEAL), COMPLETED);
    /** Whether the service still has work to do for the job. */
    async function isOwed({ jobId }: JobKey): Promise<boolean> {
      for await (const key of jobs.listStalled(Date.now() + 1_000)) if (key.jobId === jobId) return true;
      return false;
    }

    describe('reopen', () => {
      it('takes a failed job back to its checkpoint, as the next attempt', async () => {
        const {
          status: _,
          failure: __,
          completedAt: ___,
          isAnnounced: ____,
          ...job
        } = await jobs.markAnnounced(await failed());
        const reopened = await jobs.reopen(job);
        expect(reopened).toEqual({ ...job, status: 'IN_PROGRESS', attempt: 1 });
        expect(await jobs.read(job)).toEqual(reopened);
        expect(await isOwed(job)).toBe(true);
      });

      it('takes a job back to NEW if it failed before its header was read', async () => {
        const source = { key: 'uploads/a', etag: 'one', bytes: 9 };
        const job = await jobs.create(anAwkwardJob({ source }));
        await jobs.finish(job, FAILED);
        const reopened = await jobs.reopen(job);
        expect(reopened).toEqual({ ...job, attempt: 1 });
        const at = { format: job.format, header: ['name'], checkpoint: job.checkpoint, at: 9 };
        expect(await jobs.start(job, at)).toMatchObject({ status: 'IN_PROGRESS', header: ['name'], attempt: 1 });
      });

      it('reopens an attempt once, also for callers that ask at the same time or again', async () => {
        const job = await failed();
        const results = await Promise.all([1, 2, 3].map(() => jobs.reopen(job)));
        expect(new Set(results.map(({ attempt }) => attempt))).toEqual(new Set([1]));
        expect((await jobs.reopen(job)).attempt).toBe(1);
      });

      it('does nothing to a job that has not failed', async () => {
        const job = await completed();
        expect(await jobs.reopen(job)).toEqual(job);
        const running = await started();
        expect(await jobs.reopen(running)).toEqual(running);
      });

      it('refuses decisions about an earlier attempt', async () => {
        const job = await failed();
        const reopened = await jobs.reopen(job);
        expect(await jobs.finish(job, FAILED)).toEqual(reopened);
        expect(await jobs.markAnnounced(job)).toEqual(reopened);
        expect(await jobs.finish(reopened, FAILED)).toMatchObject({ status: 'FAILED', attempt: 1 });
      });
    });

    describe('reserveRedrive', () => {
      it('stores the redrive that was asked for, however the job ended', async () => {
        for (const job of [await failed(), await completed()]) {
          expect(await jobs.reserveRedrive(job, REDRIVE)).toEqual({ ...job, redrive: REDRIVE });
          expect(await isOwed(job)).toBe(true);
        }
      });

      it('accepts one of many redrives with the same number, and then the next number', async () => {
        const job = await completed();
        const codes = ['A', 'B', 'C'];
        const claims = await Promise.all(codes.map((code) => jobs.reserveRedrive(job, { ...REDRIVE, codes: [code] })));
        expect(claims).toEqual(claims.map(() => claims[0]));
        const next = { number: 2, isPlanned: false };
        expect(await jobs.reserveRedrive(job, next)).toMatchObject({ redrive: next });
        for (const number of [1, 2, 4]) {
          expect(await jobs.reserveRedrive(job, { ...REDRIVE, number })).toMatchObject({ redrive: next });
        }
      });

      it('does nothing to a job that runs', async () => {
        const job = await started();
        expect(await jobs.reserveRedrive(job, REDRIVE)).toEqual(job);
      });

      it('keeps the redrive when the end of the job is announced again', async () => {
        const job = await jobs.markAnnounced(await failed());
        await jobs.reserveRedrive(job, REDRIVE);
        await jobs.markAnnounced(job);
        expect(await isOwed(job)).toBe(true);
      });
    });

    describe('markPlanned', () => {
      it('marks only the latest redrive as planned', async () => {
        const job = await jobs.reserveRedrive(await completed(), REDRIVE);
        expect(await jobs.markPlanned(job, 2)).toEqual(job);
        const planned = { ...job, redrive: { ...REDRIVE, isPlanned: true } };
        expect(await jobs.markPlanned(job, 1)).toEqual(planned);
        expect(await jobs.markPlanned(job, 1)).toEqual(planned);
        expect(await isOwed(job)).toBe(false);
      });

      it('does nothing to a job without a redrive', async () => {
        const job = await completed();
        expect(await jobs.markPlanned(job, 1)).toEqual(job);
      });
    });

    describe('attachReport', () => {
      const aReport = (run: number) => ({
        run,
        groups: [{ code: 'INVALID_DATE', column: 'dueAt', count: 2, firstIndex: 7, message: 'no date' }],
        others: 1,
        fixFileKey: 'reports/fix-file.csv',
        at: 1_767_225_600_000,
      });

      it('keeps the report of the latest run', async () => {
        const job = await completed();
        expect(await jobs.attachReport(job, { run: 0, groups: [], others: 0 })).toMatchObject({ report: { run: 0 } });
        expect(await jobs.attachReport(job, aReport(1))).toEqual({ ...job, report: aReport(1) });
        expect(await jobs.attachReport(job, aReport(0))).toEqual({ ...job, report: aReport(1) });
      });

      it('belongs to one attempt: a resumed job has no report, and accepts none of the earlier attempt', async () => {
        const job = await failed();
        await jobs.attachReport(job, aReport(0));
        const reopened = await jobs.reopen(job);
        expect(reopened.report).toBeUndefined();
        expect(await jobs.attachReport(job, aReport(0))).toEqual(reopened);
      });
    });

    it('returns a redrive as it was created, and does not list it among the files', async () => {
      const job = anAwkwardJob({ redriveOf: { jobId: 'origin', createdAt: 5, number: 3, codes: ['A'], restFrom: 70 } });
      await jobs.create(job);
      expect(await jobs.read(job)).toEqual(job);
      expect(await jobs.list({ tenant: job.tenant, limit: 10 })).toEqual({ jobs: [] });
      expect(await isOwed(job)).toBe(true);
    });
  });
