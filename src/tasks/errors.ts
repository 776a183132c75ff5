import type { ProblemCode } from '../contract/index.ts';
import type { JobStatus, NotCancellableState } from '../engine/index.ts';

/** A request that the domain refuses. `code` is the problem that the caller is answered. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

type State = JobStatus | NotCancellableState | 'REDRIVING' | 'ABORTED';

/** How a message names the states that are no status. */
const WORDS: Partial<Record<State, string>> = {
  COMPLETING: 'about to complete, every row has its outcome',
  REDRIVING: 'being redriven',
  ABORTED: 'given up',
};

const describeState = (state: State): string => WORDS[state] ?? state;

export const taskNotFound = (id: string): TaskError =>
  new TaskError('TASK_NOT_FOUND', `There is no task ${id}; it may have been deleted.`);

export const taskFileNotFound = (id: string): TaskError =>
  new TaskError('TASK_FILE_NOT_FOUND', `There is no task file ${id}.`);

export const notCancellable = (id: string, state: NotCancellableState): TaskError =>
  new TaskError('NOT_CANCELLABLE', `Task file ${id} can't be cancelled any more: it is ${describeState(state)}.`);

export const notRedrivable = (id: string, reason: string): TaskError =>
  new TaskError('NOT_REDRIVABLE', `Task file ${id} can't be redriven: ${reason}.`);

export const noFailedRows = (id: string): TaskError =>
  new TaskError('NO_FAILED_ROWS', `No row of task file ${id} stands failed; there is nothing to repair.`);

export const reportPending = (id: string): TaskError =>
  new TaskError('REPORT_PENDING', `The fix file of task file ${id} is being written; ask again in a moment.`);

export const reportExpired = (id: string): TaskError =>
  new TaskError(
    'REPORT_EXPIRED',
    `The fix file of task file ${id} has been deleted; it is kept for a limited time. GET /task-files/${id}/failures still ` +
      `lists the failed rows. POST /task-files/${id}/redrive processes them again and writes a new fix file.`,
  );

export const stillRunning = (id: string, state: JobStatus | 'REDRIVING'): TaskError =>
  new TaskError('STILL_RUNNING', `Task file ${id} is ${describeState(state)}; wait until it has come to its end.`);

export const notInParts = (id: string): TaskError =>
  new TaskError('NOT_IN_PARTS', `Task file ${id} does not come in parts; there is nothing to ask for or to complete.`);

export const uploadNotOpen = (id: string, state: JobStatus | 'ABORTED'): TaskError =>
  new TaskError(
    'UPLOAD_NOT_OPEN',
    `Task file ${id} is ${describeState(state)} and takes no content any more. Begin a new upload if it was cut off.`,
  );

export const fileTooLarge = (bytes: number, limit: number): TaskError =>
  new TaskError(
    'FILE_TOO_LARGE',
    `contentLength is ${bytes}; a file has at most ${limit} bytes. Split it into several.`,
  );

const FAULTS_SHOWN = 5;

export const partsMissing = (id: string, count: number, faults: readonly string[]): TaskError =>
  new TaskError(
    'PARTS_MISSING',
    `Of ${count} parts ${faults.length} did not come whole: ${faults.slice(0, FAULTS_SHOWN).join(', ')}` +
      `${faults.length > FAULTS_SHOWN ? ' and so on' : ''}. POST /task-files/${id}/parts gives links to put them again; then complete again.`,
  );

export const noSuchPart = (from: number, count: number): TaskError =>
  new TaskError('VALIDATION_FAILED', `from is ${from}; the parts of this file are 1 to ${count}.`);

export const keyReused = (): TaskError =>
  new TaskError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key came with another request before. Repeat that request unchanged, or send a new key.',
  );
