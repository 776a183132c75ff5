import { describe, expect, it } from '@jest/globals';
import { aRunningJob } from '../../../test/kit/factories.ts';
import type { Job, Recovery } from '../model/job.ts';
import {
  DEEP_QUEUE_MESSAGES,
  countMissingBatches,
  MESSAGES_LIVE_MILLISECONDS,
  measureProgress,
  decideStep,
  takeBackTry,
  waitAfter,
  type Step,
} from './recovery.ts';
import { emptySegment } from '../model/segment.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 1_000 * HOUR;

/** `depth`: of the one queue that a message of the job can be in, if there is one. */
interface Seen {
  readonly progress?: number;
  readonly depth?: number;
  readonly lacking?: number;
}

/** Sweeps once a minute over a job whose progress stays at 7. */
class Standstill {
  now = NOW;
  recovery: Recovery | undefined;

  get job(): Pick<Job, 'recovery'> {
    return this.recovery ? { recovery: this.recovery } : {};
  }

  sweep({ progress = 7, depth, lacking = 3 }: Seen = {}): Step['step'] {
    this.now += MINUTE;
    const queues =
      depth === undefined
        ? []
        : [
            { depth: 0, lacking: 1 },
            { depth, lacking },
          ];
    const step = decideStep(this.job, { now: this.now, progress, queues });
    if (step.step !== 'wait') this.recovery = step.recovery;
    return step.step;
  }

  /** The minutes in which the sweep recovers the job. */
  minutesUntilAsked(seen: Seen = {}): number {
    let minutes = 1;
    while (this.sweep(seen) !== 'recover') minutes += 1;
    return minutes;
  }
}

describe('a job without progress', () => {
  it('is recovered at once if no message of it can be waiting, then after 1, 2, 4 … 60 minutes', () => {
    const job = new Standstill();
    const waits = Array.from({ length: 9 }, () => job.minutesUntilAsked());
    expect(waits).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60]);
    expect(job.recovery).toMatchObject({ number: 9, tries: 9, progress: 7 });
  });

  it('is recovered at once again when it has made progress since, and waits from the beginning', () => {
    const job = new Standstill();
    for (let times = 0; times < 5; times += 1) job.minutesUntilAsked();
    const waits = Array.from({ length: 4 }, () => job.minutesUntilAsked({ progress: 8 }));
    expect(waits).toEqual([1, 1, 2, 4]);
    expect(job.recovery).toMatchObject({ number: 9, tries: 4, progress: 8 });
  });

  it('is held back for an hour while a shallow queue may hold all that it lacks', () => {
    const job = new Standstill();
    expect(job.minutesUntilAsked({ depth: 3 })).toBe(61);
    expect(job.recovery).not.toHaveProperty('heldSince');
    expect(job.minutesUntilAsked({ depth: 3 })).toBe(61);
  });

  it('is recovered as soon as the queue holds less than it lacks', () => {
    const job = new Standstill();
    expect([job.sweep({ depth: 3 }), job.sweep({ depth: 3 }), job.sweep({ depth: 2 })]).toEqual([
      'hold',
      'wait',
      'recover',
    ]);
  });

  it('is held back while the queue is deep, for as long as SQS keeps messages', () => {
    const job = new Standstill();
    const depth = DEEP_QUEUE_MESSAGES + 1;
    expect(job.minutesUntilAsked({ depth, lacking: 40_000 }) - 1).toBe(MESSAGES_LIVE_MILLISECONDS / MINUTE);
  });

  it('is recovered once the queue is no longer deep', () => {
    const job = new Standstill();
    for (let minutes = 0; minutes < 600; minutes += 1) job.sweep({ depth: 501 });
    expect(job.sweep({ depth: 500, lacking: 501 })).toBe('recover');
  });

  it('is held back from the beginning when it has made progress', () => {
    const job = new Standstill();
    for (let minutes = 0; minutes < 50; minutes += 1) job.sweep({ depth: 3 });
    expect(job.minutesUntilAsked({ depth: 3, progress: 8 })).toBe(61);
    expect(job.recovery).toMatchObject({ number: 1, tries: 1, progress: 8 });
  });

  it('is held back by a deep queue that can hold none of its messages, and not by a shallow one', () => {
    const job = new Standstill();
    expect(job.sweep({ depth: DEEP_QUEUE_MESSAGES + 1, lacking: Infinity })).toBe('hold');
    expect(job.sweep({ depth: DEEP_QUEUE_MESSAGES, lacking: Infinity })).toBe('recover');
  });

  it('is as due as before if the message could not be sent', () => {
    const job = new Standstill();
    const outage = Array.from({ length: 120 }, () => {
      const before = job.job;
      const step = job.sweep();
      job.recovery = takeBackTry(before, job.recovery!);
      return step;
    });
    expect(new Set(outage)).toEqual(new Set(['recover']));
    expect(job.recovery).toMatchObject({ number: 120, tries: 0 });
    expect([1, 2, 3, 4].map(() => job.minutesUntilAsked())).toEqual([1, 1, 2, 4]);
  });

  it('is not held back before it is due', () => {
    const job = new Standstill();
    for (let times = 0; times < 4; times += 1) job.minutesUntilAsked();
    expect(job.sweep({ depth: 1_000 })).toBe('wait');
    expect(job.recovery).not.toHaveProperty('heldSince');
  });
});

describe('the wait of a sweep', () => {
  it('doubles up to an hour', () => {
    expect([1, 2, 6, 7, 50].map((tries) => waitAfter(tries) / MINUTE)).toEqual([1, 2, 32, 60, 60]);
  });
});

describe('the progress of a job', () => {
  const {
    seal: _,
    redrive: __,
    ...job
  } = aRunningJob({ checkpoint: { byteOffset: 9, line: 3, nextItem: 2, nextBatch: 1 } });
  const key = { tenant: job.tenant, runId: job.jobId, segment: 0 };
  const open = [{ ...emptySegment(key), batches: new Set([0]), succeeded: 1, failed: 1 }];
  const of = (changes: Partial<Job>, segments = open): number => measureProgress({ ...job, ...changes }, segments);

  it('grows with every change of state, and is the same before and after a segment is rolled up', () => {
    expect(of({ closed: [[0, 0]], succeeded: 1, failed: 1 }, [])).toBe(of({}));
    const seal = { itemCount: 2, batchCount: 1 };
    const steps = [
      of({}, []),
      of({}),
      of({ seal }),
      of({ seal, completedAt: 1 }),
      of({ seal, completedAt: 1, redrive: { number: 1, isPlanned: false } }),
    ];
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
    expect(of({ attempt: 1 })).toBeGreaterThan(of({ completedAt: 1 }));
  });

  it('counts the batches that no open segment has as missing', () => {
    const sealed = { ...job, cut: { ...job.cut, batchesPerSegment: 2 }, seal: { itemCount: 10, batchCount: 3 } };
    expect(countMissingBatches(sealed, [...open, emptySegment({ ...key, segment: 1 })])).toBe(2);
  });
});
