/** The bundles of the functions, relative to the repository. */
export const FUNCTIONS_FOLDER = 'dist/functions';

/** Seconds a function may run. */
export const TIMEOUT_SECONDS = {
  /** S3 needs seconds to assemble a thousand parts. The gateway waits 30 s; a repeated request continues. */
  uploadCompletion: 29,
  /** A request makes one or two table calls. No caller waits longer. */
  http: 10,
  /** An invocation writes the rows of at most ten messages. A short limit soon frees the messages of a stuck worker. */
  worker: 10,
  /** A large file is split by several invocations, so this limits what is repeated after a crash. */
  splitter: 30,
  /** The end of a file takes a few reads and one conditional write. The rest is for retries and the report. */
  completer: 30,
  /** Each missing row of a dead letter is tried alone, probably while the fault that failed the workers lasts. */
  deadLetters: 30,
  /** A sweep ends before the next one begins. Two at once would be harmless, and useless. */
  sweep: 50,
} as const;

/**
 * AWS recommends six times the function's timeout: throttled invocations use up visibility timeouts without any work.
 */
export const VISIBILITY_TIMEOUTS = 6;

/** Four days outlast a weekend without workers. The sweep relies on them (`src/engine/sweep/recovery.ts`). */
export const QUEUE_RETENTION_DAYS = 4;

/** The maximum of SQS. A message ages from its first send, so its dead-letter queue must keep it longer. */
export const DEAD_LETTER_RETENTION_DAYS = 14;

/** How Lambda receives the messages of each queue. */
export const MAPPINGS = {
  /**
   * A file is seconds of work. Several in one invocation would share its time, and all would be repeated if one failed.
   * Two splitters, five workers and two completers use nine of the ten concurrent executions of a new account. In a
   * larger account, `CDK_UPLOAD_TASK_CONCURRENCY` lets more files be split at once.
   */
  taskUpload: { batchSize: 1, maxConcurrency: 2 },
  /** Ten messages share one ledger write. Five workers already write more than a new table takes. */
  createTask: { batchSize: 10, maxConcurrency: 5 },
  /** A file has one short message, so two workers are enough. Lambda allows no fewer. */
  taskFileComplete: { batchSize: 10, maxConcurrency: 2 },
  /** A file that failed again and again is tried alone. */
  taskUploadDeadLetters: { batchSize: 1, maxConcurrency: 2 },
  /** A dead letter may kill its worker, so it comes alone. */
  createTaskDeadLetters: { batchSize: 1, maxConcurrency: 2 },
  taskFileCompleteDeadLetters: { batchSize: 10, maxConcurrency: 2 },
} as const;

/**
 * The sweep has no reserved concurrency: in a new account, whose limit is ten, none can be reserved, and the deployment
 * would fail.
 */
export const SWEEP = {
  /** A forgotten file waits for a minute at most. That costs 43,200 short invocations a month. */
  rate: 'rate(1 minute)',
  /** The next sweep is the retry. */
  retries: 0,
  /** A sweep that cannot begin within its minute is replaced by the next one. AWS takes no less than 60 s. */
  maxAgeSeconds: 60,
} as const;

/** When the operator is alarmed, if the deployment names one. */
export const ALARMS = {
  /** SQS reports its metrics every five minutes at the latest. */
  periodMinutes: 5,
  /**
   * Longer than any fault that the ten receives of a message outlast, and far shorter than the four days it is kept.
   */
  oldestMessageSeconds: 60 * 60,
  /** In a period. A single crash or timeout is repeated; a throttled account or a bad deployment causes hundreds. */
  functionFailures: 10,
  /** Of the five sweeps in a period. Nothing else finds what was forgotten. */
  sweepFailures: 2,
  /** In a period. A few can come from cold starts. */
  apiFailures: 5,
  /** A lost message takes one sweep to send it again. */
  troubledSweeps: 2,
  troubledSweepsMinutes: 15,
} as const;

/**
 * CPU grows with memory: at 512 MB a cold start and parsing take a third of the time of 128 MB, for about the same
 * price.
 */
export const MEMORY_MB = 512;

/**
 * Requests per second and at once, for the whole API: far more than callers need, far less than a runaway script sends.
 */
export const API_THROTTLE = { rateLimit: 100, burstLimit: 200 } as const;

/** How long a browser caches the response to a preflight. */
export const CORS_MAX_AGE_MINUTES = 10;

/** The parts of an unfinished upload are invisible, and cost money. */
export const ABORT_MULTIPART_DAYS = 1;

/**
 * CloudFormation begins a bucket's generated name with 24 characters of the stack's name; the queue policy uses fewer.
 */
export const BUCKET_NAME_PREFIX_LENGTH = 20;
