/** Every reason for which a source as a whole cannot be processed. The job ends FAILED with the code and a message. */
export const SOURCE_ERROR_CODES = [
  'EMPTY_FILE',
  'NOT_TEXT',
  'UNKNOWN_ENCODING',
  'NOT_JSON_LINES',
  'DRAWN_TABLE',
  'LINE_ENDS_MISSING',
  'UNCLEAR_COLUMNS',
  'MISSING_COLUMN',
  'DUPLICATE_COLUMN',
  'UNKNOWN_COLUMNS',
  'TOO_MANY_COLUMNS',
  'RECORD_TOO_LARGE',
  'UNCLOSED_QUOTE',
  'INVALID_QUOTES',
  'DAMAGED_GZIP',
  'DECODED_TOO_LARGE',
  'COMPRESSION_RATIO_TOO_HIGH',
  'SOURCE_CHANGED',
  'SOURCE_MISSING',
] as const;
export type SourceErrorCode = (typeof SOURCE_ERROR_CODES)[number];

/** Every reason for which a job ends FAILED. */
export const JOB_FAILURE_CODES = [
  ...SOURCE_ERROR_CODES,
  'TOO_MANY_FAILURES',
  'SPLIT_RETRIES_EXHAUSTED',
  'UPLOAD_EXPIRED',
] as const;
export type JobFailureCode = (typeof JOB_FAILURE_CODES)[number];

/** These errors can pass: a caller can store the same version of the source again. The others describe its content. */
const MAY_PASS: readonly string[] = ['SOURCE_CHANGED', 'SOURCE_MISSING'] satisfies SourceErrorCode[];
const CODES: readonly string[] = SOURCE_ERROR_CODES;

/** Whether a second reading of the same source fails in the same way. */
export const isForGood = (code = ''): boolean => CODES.includes(code) && !MAY_PASS.includes(code);

/** The source can never be processed as it is: a second try would have the same result. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A message names a job that is not stored. After its deliveries it is kept in the dead-letter queue. */
export class UnknownJobError extends Error {
  override readonly name = 'UnknownJobError';

  constructor(tenant: string, jobId: string) {
    super(
      `No job ${jobId} of tenant ${tenant} is stored. Its messages are delivered again until it is, or until they are dead letters.`,
    );
  }
}

/** A job is stored in a form that this version does not know: a later version wrote it, or its item is damaged. */
export class UnreadableJobError extends Error {
  override readonly name = 'UnreadableJobError';
  readonly tenant: string;
  readonly jobId: string;

  constructor(tenant: string, jobId: string, cause: unknown) {
    super(
      `Job ${jobId} of tenant ${tenant} is stored in a form that this version cannot read. Deploy the version that wrote it, or repair its item.`,
      { cause },
    );
    this.tenant = tenant;
    this.jobId = jobId;
  }
}

/** A fan-out began before any event showed which version of the source to read. */
export class UnpinnedSourceError extends Error {
  override readonly name = 'UnpinnedSourceError';

  constructor(jobId: string) {
    super(`Job ${jobId} still waits for its source: nothing is stored under its key yet.`);
  }
}

/** Where a job is past the point at which it could be stopped. COMPLETING: every item has its outcome. */
export type NotCancellableState = 'COMPLETED' | 'FAILED' | 'COMPLETING';

/** A job can no longer be cancelled. */
export class NotCancellableError extends Error {
  override readonly name = 'NotCancellableError';
  readonly state: NotCancellableState;

  constructor(jobId: string, state: NotCancellableState) {
    super(`Job ${jobId} cannot be cancelled any more: it is ${state}.`);
    this.state = state;
  }
}

/** The failed items of a job cannot be redriven as the caller asks, now or ever. */
export class NotRedrivableError extends Error {
  override readonly name = 'NotRedrivableError';
  readonly reason: string;

  constructor(jobId: string, reason: string) {
    super(`Job ${jobId} cannot be redriven: ${reason}`);
    this.reason = reason;
  }
}

/** A completion event arrived for a job that still lacks outcomes: a forged or damaged event, or a broken invariant. */
export class NotCompleteError extends Error {
  override readonly name = 'NotCompleteError';

  constructor(jobId: string) {
    super(`Job ${jobId} was announced complete but lacks outcomes, or has too many failures. It stays as it is.`);
  }
}

/** A job's definition throws it if the store will never take an item. An item that is applied alone then fails. */
export class RefusedItemError extends Error {
  override readonly name = 'RefusedItemError';

  constructor(reason: string) {
    super(`The store refuses an item for good: ${reason}`);
  }
}

/** An invocation has no time for more work. The message is delivered again. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';

  constructor() {
    super('The invocation has too little time left to begin this work. The message is delivered again.');
  }
}
