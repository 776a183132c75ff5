import type { ProblemCode } from '../contract/index.ts';

/** A request that the domain refuses. `code` is the problem that the caller is answered. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const taskNotFound = (id: string): TaskError =>
  new TaskError('TASK_NOT_FOUND', `There is no task ${id}; it may have been deleted.`);

export const taskFileNotFound = (id: string): TaskError =>
  new TaskError('TASK_FILE_NOT_FOUND', `There is no task file ${id}.`);

export const notCancellable = (message: string): TaskError => new TaskError('NOT_CANCELLABLE', message);

export const notRedrivable = (message: string): TaskError => new TaskError('NOT_REDRIVABLE', message);

export const noFailedRows = (id: string): TaskError =>
  new TaskError('NO_FAILED_ROWS', `No row of task file ${id} stands failed; there is nothing to repair.`);

export const reportPending = (id: string): TaskError =>
  new TaskError('REPORT_PENDING', `The fix file of task file ${id} is being written; ask again in a moment.`);

export const stillRunning = (id: string, status: string): TaskError =>
  new TaskError('STILL_RUNNING', `Task file ${id} is ${status}; wait until it has come to its end.`);

export const keyReused = (): TaskError =>
  new TaskError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key came with another request before. Repeat that request unchanged, or send a new key.',
  );
