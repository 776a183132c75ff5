import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job, Jobs } from '../../../src/engine/index.ts';
import { anAwkwardJob, RECOVERY, START } from '../jobs.ts';

/** The properties of a job store that the engine relies on for jobs that make no progress. */
export const jobRecoveriesContract = (name: string, open: () => Promise<Jobs>): void =>
  describe(`${name} keeps the contract of the recoveries of Jobs`, () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await open();
    });
    const started = async (): Promise<Job> => jobs.start(await jobs.create(anAwkwardJob()), START);

    it('notes a recovery only if the latest one is still the one that was read', async () => {
      const job = await started();
      expect(await jobs.recover(job, 0, RECOVERY)).toEqual({ ...job, recovery: RECOVERY });
      const late = { ...RECOVERY, dueAt: RECOVERY.dueAt + 1 };
      expect((await jobs.recover(job, 0, late)).recovery).toEqual(RECOVERY);
      const second = { ...RECOVERY, number: 2, heldSince: RECOVERY.dueAt };
      expect((await jobs.recover(job, 1, second)).recovery).toEqual(second);
      const { heldSince: _, ...unheld } = second;
      expect((await jobs.recover(job, 2, unheld)).recovery).toEqual(unheld);
      expect((await jobs.recover(job, 5, RECOVERY)).recovery).toEqual(unheld);
      expect((await jobs.read(job))?.recovery).toEqual(unheld);
    });

    it('notes since when the first recovery has been held back', async () => {
      const job = await started();
      const held = { ...RECOVERY, number: 0, heldSince: 7 };
      expect((await jobs.recover(job, 0, held)).recovery).toEqual(held);
      expect((await jobs.recover(job, 0, RECOVERY)).recovery).toEqual(RECOVERY);
      expect((await jobs.recover(await started(), 1, RECOVERY)).recovery).toBeUndefined();
    });

    it('notes the latest recovery that has sent every batch again, never an earlier one', async () => {
      const job = await started();
      expect(await jobs.markResent(job, 2)).toEqual({ ...job, resent: 2 });
      expect((await jobs.markResent(job, 1)).resent).toBe(2);
      expect((await jobs.markResent(job, 3)).resent).toBe(3);
    });

    it('reads many jobs, and leaves out those that are not stored', async () => {
      const stored = await Promise.all(Array.from({ length: 120 }, started));
      const read = await jobs.readMany([anAwkwardJob(), ...stored]);
      const byId = (a: Job, b: Job): number => (a.jobId < b.jobId ? -1 : 1);
      expect(read.jobs.toSorted(byId)).toEqual(stored.toSorted(byId));
      expect(read.unreadable).toEqual([]);
      expect(await jobs.readMany([])).toEqual({ jobs: [], unreadable: [] });
    });
  });
