import { randomUUID } from 'node:crypto';
import type { Job, JobAttempt, Jobs } from '../../src/engine/index.ts';
import { aJob, CREATED_AT } from './factories.ts';

const CUT = { itemsPerBatch: 25, batchesPerSegment: 100, batchBytes: 60 * 1024 };
const HEADER = ['title', '', ' Größe 😀 \uffff\u0000', '__proto__'];

export const SOURCE = { key: 'uploads/default/x/Aufgaben für 😀.csv', etag: 'abc', bytes: 5_000_000_000 };
export const START = {
  format: { type: 'csv', encoding: 'utf-16le', delimiter: ';' } as const,
  header: HEADER,
  checkpoint: { byteOffset: 6, line: 2, nextItem: 0, nextBatch: 0 },
  at: CREATED_AT + 10,
};
export const LATER = { byteOffset: 900, line: 52, nextItem: 50, nextBatch: 2 };
export const SEAL = { itemCount: 60, batchCount: 3 };
export const CLOSE = { from: [], to: [[0, 0]], succeeded: 58, failed: 2, doneBytes: 1_000 } as const;
export const COMPLETED = { status: 'COMPLETED', at: CREATED_AT + 20, guard: { isSealed: true } } as const;
export const FAILED = {
  status: 'FAILED',
  at: CREATED_AT + 30,
  guard: { isSealed: false },
  failure: { code: 'UNCLOSED_QUOTE', message: 'The quote “ is never closed.' },
} as const;

/** A job that waits for its object. It has awkward text, and a tenant of its own. */
export const anAwkwardJob = (changes: Partial<Job> = {}): Job =>
  aJob({
    tenant: randomUUID(),
    jobId: randomUUID(),
    name: 'Aufgaben für 😀.csv',
    cut: CUT,
    source: { key: SOURCE.key },
    requestDigest: 'digest',
    ...changes,
  });

/** Every write of the port that changes what a job shows. */
export const WRITES: readonly (readonly [name: string, (jobs: Jobs, key: JobAttempt) => Promise<Job>])[] = [
  ['pin', (jobs, key) => jobs.pin(key, SOURCE)],
  ['start', (jobs, key) => jobs.start(key, START)],
  ['advance', (jobs, key) => jobs.advance(key, LATER)],
  ['close', (jobs, key) => jobs.close(key, CLOSE)],
  ['seal', (jobs, key) => jobs.seal(key, SEAL)],
  ['finish', (jobs, key) => jobs.finish(key, COMPLETED)],
];

export const REDRIVE = { number: 1, codes: ['RETRIES_EXHAUSTED'], fromItem: 7, isPlanned: false } as const;

export const COUNTS = { succeeded: 58, failed: 2, doneBytes: 1_000 };
export const REPAIR = { closed: [[0, 0]], from: COUNTS, to: { succeeded: 59, failed: 1, doneBytes: 990 } } as const;

export const RECOVERY = { number: 1, tries: 1, progress: 50, dueAt: CREATED_AT + 60_000 } as const;

/** The writes that change nothing that a job shows, and those that need a job in a certain state. */
export const OTHER_WRITES: typeof WRITES = [
  ['repair', (jobs, key) => jobs.repair(key, REPAIR)],
  ['recover', (jobs, key) => jobs.recover(key, 0, RECOVERY)],
  ['mark as resent', (jobs, key) => jobs.markResent(key, RECOVERY.number)],
  ['mark', (jobs, key) => jobs.markAnnounced(key)],
  ['reopen', (jobs, key) => jobs.reopen(key)],
  ['claim', (jobs, key) => jobs.reserveRedrive(key, REDRIVE)],
  ['plan', (jobs, key) => jobs.markPlanned(key, REDRIVE.number)],
];
