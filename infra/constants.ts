/** What the synthesized template is made from, relative to the repository. */
export const FUNCTIONS_FOLDER = 'dist/functions';

/** Seconds a function may run. */
export const TIMEOUT_SECONDS = {
  /** S3 takes its time to put a thousand parts together; the gateway waits 30 s. Who asks again goes on with it. */
  uploadCompletion: 29,
  /** A request is one or two table calls; whoever waits longer has already given up. */
  http: 10,
  /** An invocation writes at most ten messages of rows; a short limit frees a stuck worker's messages soon. */
  worker: 10,
  /** A large file is split over several invocations, so that this bounds what one crash can repeat. */
  splitter: 30,
  /** Closes one task file: a few reads and one conditional write, with room for retries. */
  completer: 30,
  /** Each missing row of a dead letter is tried alone, most likely while whatever ailed the workers still lasts. */
  deadLetters: 30,
  /** Ends before the next one begins: two at once would do no harm, and no good. */
  sweep: 50,
} as const;

/**
 * AWS's rule for queues in front of functions: throttled polls may use up several visibility times before the work
 * begins.
 */
export const VISIBILITY_TIMEOUTS = 6;

/** Four days bridge a weekend's outage of the consumer. The sweep counts on it (`src/engine/sweep/recovery.ts`). */
export const QUEUE_RETENTION_DAYS = 4;

/**
 * The longest SQS offers. The clock of a message starts at its first send, so this must be longer than the source's.
 */
export const DEAD_LETTER_RETENTION_DAYS = 14;

/** How Lambda takes messages off each queue. */
export const MAPPINGS = {
  /**
   * A file is seconds of work: several in one invocation would share its time, and one failure would repeat them all.
   * Two splitters, five workers and two completers take nine of the ten concurrent executions that a new account has;
   * in an account that has more, `CDK_UPLOAD_TASK_CONCURRENCY` splits more files at once.
   */
  taskUpload: { batchSize: 1, maxConcurrency: 2 },
  /** Ten messages share one ledger write. Five workers do more than a new table takes. */
  createTask: { batchSize: 10, maxConcurrency: 5 },
  /** One short message per file; two workers, the least SQS allows, are enough. */
  taskFileComplete: { batchSize: 10, maxConcurrency: 2 },
  /** What nobody could read again and again is tried alone. */
  taskUploadDeadLetters: { batchSize: 1, maxConcurrency: 2 },
  /** A dead letter may kill its worker: alone, it takes no other along. */
  createTaskDeadLetters: { batchSize: 1, maxConcurrency: 2 },
  taskFileCompleteDeadLetters: { batchSize: 10, maxConcurrency: 2 },
} as const;

/**
 * The sweep. It has no reserved concurrency: an account whose limit is still the ten of a new one may reserve none, and
 * the deployment would fail.
 */
export const SWEEP = {
  /** What was forgotten waits for a minute at most, for 43,200 short invocations a month. */
  rate: 'rate(1 minute)',
  /** The next sweep is the retry. */
  retries: 0,
  /** One that could not begin within its minute is overtaken by the next; 60 s are the least that AWS takes. */
  maxAgeSeconds: 60,
} as const;

/** When a person is called, if the deployment names one. */
export const ALARMS = {
  /** SQS tells of its queues every five minutes at the latest. */
  periodMinutes: 5,
  /**
   * Longer than any fault that the ten tries of a message outlast, and far shorter than the four days that it is kept.
   */
  oldestMessageSeconds: 60 * 60,
  /**
   * In a period. A single crash or timeout is done again; an account without room, or a bad deployment, makes hundreds.
   */
  functionFailures: 10,
  /** Of the five of a period: nothing else finds what was forgotten. */
  sweepFailures: 2,
  /** In a period. One may be a cold start at a bad moment. */
  apiFailures: 5,
  /** A message that was lost is sent again by one sweep. */
  troubledSweeps: 2,
  troubledSweepsMinutes: 15,
} as const;

/**
 * CPU comes with memory: at 512 MB a cold start and a parse take a third of the time of 128 MB, for about the same
 * price.
 */
export const MEMORY_MB = 512;

/**
 * Requests per second and at once, for the whole API: far above people at work, far below what a runaway script costs.
 */
export const API_THROTTLE = { rateLimit: 100, burstLimit: 200 } as const;

/** How long a browser keeps a preflight answer. */
export const CORS_MAX_AGE_MINUTES = 10;

/** Parts of an upload that nobody finished are invisible, and paid for. */
export const ABORT_MULTIPART_DAYS = 1;

/**
 * CloudFormation cuts the stack's name in a bucket's generated name at 24 characters; the queue policy relies on fewer.
 */
export const BUCKET_NAME_PREFIX_LENGTH = 20;
