import type { ProblemCode } from '../contract/index.ts';
import type { JobStatus, NotCancellableState } from '../engine/index.ts';

/** The domain refused a request. `code` names the problem in the response. */
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
  new TaskError('TASK_NOT_FOUND', `There is no task ${id}. It may have been deleted.`);

export const taskFileNotFound = (id: string): TaskError =>
  new TaskError('TASK_FILE_NOT_FOUND', `There is no task file ${id}.`);

export const notCancellable = (id: string, state: NotCancellableState): TaskError =>
  new TaskError('NOT_CANCELLABLE', `Task file ${id} can no longer be cancelled: it is ${describeState(state)}.`);

export const notRedrivable = (id: string, reason: string): TaskError =>
  new TaskError('NOT_REDRIVABLE', `Task file ${id} cannot be redriven: ${reason}.`);

export const noFailedRows = (id: string): TaskError =>
  new TaskError('NO_FAILED_ROWS', `Task file ${id} has no failed rows, so there is nothing to repair.`);

export const reportPending = (id: string): TaskError =>
  new TaskError('REPORT_PENDING', `The fix file of task file ${id} is not written yet. Ask again in a moment.`);

export const reportExpired = (id: string): TaskError =>
  new TaskError(
    'REPORT_EXPIRED',
    `The fix file of task file ${id} has been deleted, because the service keeps it for a limited time. ` +
      `GET /task-files/${id}/failures still lists the failed rows. ` +
      `POST /task-files/${id}/redrive processes them again and writes a new fix file.`,
  );

export const stillRunning = (id: string, state: JobStatus | 'REDRIVING'): TaskError =>
  new TaskError('STILL_RUNNING', `Task file ${id} is ${describeState(state)}. Wait until it has ended.`);

export const notInParts = (id: string): TaskError =>
  new TaskError('NOT_IN_PARTS', `Task file ${id} is not uploaded in parts, so it has no part URLs and no completion.`);

export const uploadNotOpen = (id: string, state: JobStatus | 'ABORTED'): TaskError =>
  new TaskError(
    'UPLOAD_NOT_OPEN',
    `Task file ${id} is ${describeState(state)} and takes no more content. If its content was not complete, start a new upload.`,
  );

export const fileTooLarge = (bytes: number, limit: number): TaskError =>
  new TaskError(
    'FILE_TOO_LARGE',
    `contentLength is ${bytes}. Allowed: at most ${limit} bytes. Split the file into several.`,
  );

const FAULTS_SHOWN = 5;

export const partsMissing = (id: string, count: number, faults: readonly string[]): TaskError =>
  new TaskError(
    'PARTS_MISSING',
    `The upload lacks ${faults.length} of ${count} complete parts: ${faults.slice(0, FAULTS_SHOWN).join(', ')}` +
      `${faults.length > FAULTS_SHOWN ? ' and so on' : ''}. Put them again, with URLs from POST /task-files/${id}/parts, ` +
      'and complete the upload again.',
  );

export const noSuchPart = (from: number, count: number): TaskError =>
  new TaskError('VALIDATION_FAILED', `from is ${from}. Allowed: 1 to ${count}, the parts of this file.`);

export const keyReused = (): TaskError =>
  new TaskError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key belongs to another request. Repeat that request unchanged, or send a new key.',
  );
