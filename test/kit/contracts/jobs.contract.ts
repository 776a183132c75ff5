import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isTerminal, UnknownJobError, type Guard, type Job, type Jobs } from '../../../src/engine/index.ts';
import {
  anAwkwardJob,
  CLOSE,
  COMPLETED,
  COUNTS,
  FAILED,
  LATER,
  OTHER_WRITES,
  REPAIR,
  SEAL,
  SOURCE,
  START,
  WRITES,
} from '../jobs.ts';

/** The properties of a job store that the engine relies on. */
export const jobsContract = (name: string, open: () => Promise<Jobs>): void =>
  describe(`${name} keeps the contract of Jobs`, () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await open();
    });

    const created = (changes?: Partial<Job>): Promise<Job> => jobs.create(anAwkwardJob(changes));
    const started = async (): Promise<Job> => jobs.start(await created(), START);
    const sealed = async (): Promise<Job> => jobs.seal(await started(), SEAL);

    it('returns a job as it was created, whatever its text', async () => {
      const job = anAwkwardJob();
      expect(await jobs.create(job)).toEqual(job);
      expect(await jobs.read(job)).toEqual(job);
    });

    it('returns a job that has every field', async () => {
      const { at: startedAt, ...first } = START;
      const { at: completedAt, status, failure } = FAILED;
      const end = {
        dataStart: START.checkpoint,
        tolerance: { failedPercent: 0.5, failedCount: 10 },
        options: {
          timeZone: 'Europe/Berlin',
          encoding: 'shift_jis' as const,
          delimiter: '\t' as const,
          nullWords: ['NA'],
          strict: true,
        },
        sameAs: 'another',
        similarTo: 'a third one',
        presigned: { parts: { uploadId: 'an “upload”', bytes: 8 * 1024 * 1024 } },
        isAnnounced: true,
        completedAt,
        status,
        failure,
        seal: SEAL,
        closed: [
          [0, 3],
          [5, 5],
        ] as const,
      };
      const job = anAwkwardJob({ ...first, ...end, startedAt, source: SOURCE });
      await jobs.create(job);
      expect(await jobs.read(job)).toEqual(job);
    });

    it('keeps the job that was created first', async () => {
      const first = await created();
      expect(await jobs.create({ ...first, name: 'another.csv', createdAt: 1 })).toEqual(first);
      expect(await jobs.read(first)).toEqual(first);
    });

    it('stores one of many jobs that are created at once, and returns that one to every creator', async () => {
      const job = anAwkwardJob();
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) => jobs.create({ ...job, name: `${index}.csv` })),
      );
      const stored = await jobs.read(job);
      expect(results).toEqual(results.map(() => stored));
    });

    it('keeps the jobs of tenants apart', async () => {
      const one = await created();
      const other = await created({ jobId: one.jobId, name: 'other.csv' });
      await jobs.start(one, START);
      expect(await jobs.read(other)).toEqual(other);
      expect(await jobs.read({ tenant: randomUUID(), jobId: one.jobId })).toBeUndefined();
    });

    it.each([...WRITES, ...OTHER_WRITES])(
      'refuses to %s a job that is not stored, and stores nothing',
      async (_, write) => {
        const job = anAwkwardJob();
        await expect(write(jobs, job)).rejects.toBeInstanceOf(UnknownJobError);
        expect(await jobs.read(job)).toBeUndefined();
      },
    );

    it('returns the same for a repeated write, and has no second effect', async () => {
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
      it('ties the job to one version of its source', async () => {
        const job = await created();
        expect(await jobs.pin(job, SOURCE)).toEqual({ ...job, source: SOURCE });
        expect(await jobs.read(job)).toEqual({ ...job, source: SOURCE });
      });

      it('keeps the pinned version when another one arrives later', async () => {
        const pinned = await jobs.pin(await created(), SOURCE);
        expect(await jobs.pin(pinned, { ...SOURCE, etag: 'def', bytes: 1 })).toEqual(pinned);
        expect(await jobs.pin(await jobs.start(pinned, START), { ...SOURCE, etag: 'def' })).toMatchObject({
          source: SOURCE,
        });
      });

      it('pins one of many versions that arrive at once, and returns that one to all', async () => {
        const job = await created();
        const results = await Promise.all(
          Array.from({ length: 10 }, (_, index) => jobs.pin(job, { ...SOURCE, etag: String(index) })),
        );
        const stored = await jobs.read(job);
        expect(results).toEqual(results.map(() => stored));
      });
    });

    describe('start', () => {
      it('stores header, first checkpoint and the time of the start', async () => {
        const job = await created();
        const { at, ...first } = START;
        const expected = { ...job, ...first, dataStart: START.checkpoint, status: 'IN_PROGRESS', startedAt: at };
        expect(await jobs.start(job, START)).toEqual(expected);
        expect(await jobs.read(job)).toEqual(expected);
      });

      it('starts a job once', async () => {
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
      it('moves the checkpoint forward only', async () => {
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

      it('accepts totals of zero', async () => {
        const nothing = { itemCount: 0, batchCount: 0 };
        expect(await jobs.seal(await started(), nothing)).toMatchObject({ seal: nothing });
      });

      it('does nothing to a job that has ended', async () => {
        const ended = await jobs.finish(await started(), FAILED);
        expect(await jobs.seal(ended, SEAL)).toEqual(ended);
      });
    });

    describe('close', () => {
      it('adds a segment to the counts only if the closed segments are still those that were read', async () => {
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

      it('still adds to the counts of a job that has ended', async () => {
        const ended = await jobs.finish(await started(), FAILED);
        expect(await jobs.close(ended, CLOSE)).toMatchObject({ status: 'FAILED', succeeded: 58 });
      });
    });

    describe('finish', () => {
      it('ends a sealed job once', async () => {
        const job = await sealed();
        const { at, status } = COMPLETED;
        const completed = await jobs.finish(job, COMPLETED);
        expect(completed).toEqual({ ...job, status, completedAt: at });
        expect(await jobs.finish(job, { ...FAILED, guard: { isSealed: true } })).toEqual(completed);
        expect(await jobs.finish(job, { ...COMPLETED, at: at + 1 })).toEqual(completed);
      });

      it('ends an unsealed job once, with its failure', async () => {
        const job = await started();
        const { at, status, failure } = FAILED;
        const failed = await jobs.finish(job, FAILED);
        expect(failed).toEqual({ ...job, status, completedAt: at, failure });
        expect(await jobs.finish(job, { status: 'CANCELLED', at: 1, guard: { isSealed: false } })).toEqual(failed);
      });

      it('ends a job whose source never arrived', async () => {
        expect(await jobs.finish(await created(), FAILED)).toMatchObject({ status: 'FAILED' });
      });

      it('ends a job only if it is sealed, or only if it is not', async () => {
        const unsealed = await started();
        expect(await jobs.finish(unsealed, COMPLETED)).toEqual(unsealed);
        const isSealed = await sealed();
        expect(await jobs.finish(isSealed, FAILED)).toEqual(isSealed);
      });

      it('ends a job only if its source is pinned, or only if it is not', async () => {
        const ended = { status: 'FAILED', at: 5 } as const;
        const waiting = await created();
        expect(await jobs.finish(waiting, { ...ended, guard: { isPinned: true } })).toEqual(waiting);
        const pinned = await jobs.pin(await created(), SOURCE);
        expect(await jobs.finish(pinned, { ...ended, guard: { isPinned: false } })).toEqual(pinned);
        expect(await jobs.finish(waiting, { ...ended, guard: { isPinned: false } })).toMatchObject({
          status: 'FAILED',
        });
        expect(await jobs.finish(pinned, { ...ended, guard: { isPinned: true } })).toMatchObject({ status: 'FAILED' });
      });

      /** A job with a later checkpoint and a closed segment, sealed if asked for. */
      const readJobOf = async (isSealed: boolean): Promise<Job> => {
        const job = await jobs.close(await jobs.advance(await started(), LATER), CLOSE);
        return isSealed ? jobs.seal(job, SEAL) : job;
      };
      const AS_READ = { closed: CLOSE.to, nextBatch: LATER.nextBatch };

      it.each<[boolean, Guard]>([
        [false, {}],
        [true, {}],
        [false, { closed: AS_READ.closed }],
        [false, { nextBatch: AS_READ.nextBatch }],
        [false, { isSealed: false, nextBatch: AS_READ.nextBatch }],
        [true, { isSealed: true, closed: AS_READ.closed }],
        [false, { isSealed: false, ...AS_READ }],
        [true, { isSealed: true, ...AS_READ }],
      ])('ends a job (sealed: %j) that still matches %j', async (isSealed, guard) => {
        const job = await readJobOf(isSealed);
        expect(await jobs.finish(job, { status: 'CANCELLED', at: 5, guard })).toEqual({
          ...job,
          status: 'CANCELLED',
          completedAt: 5,
        });
      });

      it.each<[boolean, Guard]>([
        [false, { closed: [] }],
        [false, { closed: [[0, 1]] }],
        [false, { nextBatch: 0 }],
        [false, { nextBatch: 3 }],
        [true, { isSealed: false, ...AS_READ }],
        [false, { isSealed: true, ...AS_READ }],
        [true, { isSealed: true, closed: [], nextBatch: 2 }],
        [true, { isSealed: true, closed: [[0, 0]], nextBatch: 1 }],
      ])('leaves a job (sealed: %j) that does not match %j', async (isSealed, guard) => {
        const job = await readJobOf(isSealed);
        expect(await jobs.finish(job, { status: 'CANCELLED', at: 5, guard })).toEqual(job);
        expect(await jobs.read(job)).toEqual(job);
      });

      it('either ends a job or closes its segment if both start from the same state, never both', async () => {
        const job = await sealed();
        const guard = { isSealed: true, closed: [] };
        const [cancelled, closed] = await Promise.all([
          jobs.finish(job, { status: 'CANCELLED', at: 5, guard }),
          jobs.close(job, CLOSE),
        ]);
        const stored = (await jobs.read(job))!;
        expect([cancelled, closed]).toContainEqual(stored);
        // If the job is cancelled first, its segment still counts. If the segment is closed first, the job goes on.
        expect(stored.closed).toEqual(CLOSE.to);
        expect(isTerminal(stored)).toBe(cancelled.status === 'CANCELLED');
      });

      it('stores one of many ends that are tried at once, and returns that one to all', async () => {
        const job = await sealed();
        const ends = (['COMPLETED', 'CANCELLED', 'FAILED'] as const).flatMap((status) => [status, status, status]);
        const results = await Promise.all(
          ends.map((status, index) => jobs.finish(job, { status, at: index, guard: { isSealed: true } })),
        );
        const stored = await jobs.read(job);
        expect(results).toEqual(results.map(() => stored));
      });
    });

    describe('repair', () => {
      const closedJob = async (): Promise<Job> => jobs.close(await sealed(), CLOSE);

      it('corrects the counts only if they and the closed segments are still those that were read', async () => {
        const job = await closedJob();
        expect(await jobs.repair(job, REPAIR)).toEqual({ ...job, ...REPAIR.to });
        expect(await jobs.read(job)).toEqual({ ...job, ...REPAIR.to });
      });

      it.each([
        { closed: [] },
        { from: { ...COUNTS, succeeded: 57 } },
        { from: { ...COUNTS, failed: 3 } },
        { from: { ...COUNTS, doneBytes: 999 } },
      ])('leaves counts that do not match %j', async (read) => {
        const job = await closedJob();
        expect(await jobs.repair(job, { ...REPAIR, ...read })).toEqual(job);
      });
    });

    describe('markAnnounced', () => {
      it('marks the end as announced once, and changes nothing else', async () => {
        const job = await jobs.finish(await started(), FAILED);
        const marked = await jobs.markAnnounced(job);
        expect(marked).toEqual({ ...job, isAnnounced: true });
        expect(await jobs.markAnnounced(job)).toEqual(marked);
        expect(await jobs.read(job)).toEqual(marked);
      });
    });
  });
