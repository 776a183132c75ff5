// What the plan knows about this project, as data only. Measured figures, settings and assumptions are separate.

/** Calls per row at the gate of the local cloud, by `npm run bench -- --rows 50000 --runs 1` of 2026-11-27. */
export const measured = {
  command: 'npm run bench -- --rows 50000 --runs 1',
  date: '2026-11-27',
  perRow: {
    s3Put: 0.00004,
    s3Head: 0.00002,
    s3Get: 0.00006,
    sqsReceive: 0.00404,
    sqsSend: 0.004,
    sqsDelete: 0.00404,
    snsPublish: 0.00002,
    dynamoPutItem: 0.00002,
    dynamoGetItem: 0.0081,
    dynamoUpdateItem: 0.0049,
    /** Each call has 25 items. */
    dynamoBatchWriteItem: 0.04,
    dynamoBatchGetItem: 0.00004,
    writeUnits: 1.005,
    /**
     * The CPU time of a worker on that machine, by `process.threadCpuUsage()` in its thread over four files. The
     * benchmark itself does not measure it.
     */
    workerCpuSeconds: 0.000047,
  },
} as const;

/** The default settings of a deployment. docs/configuration.md has the reasons. */
export const settings = {
  memoryMegabytes: 512,
  rowsPerMessage: 25,
  messagesPerInvocation: 10,
  mappingConcurrency: 5,
  batchesPerSegment: 100,
  /** The partition keys of a tenant's tasks, by the last hexadecimal digit of the id. */
  taskPartitionKeys: 16,
  /** The mappings of the queues and of their dead letters, each with a maximum concurrency. */
  mappings: 6,
  sweepsAnHour: 60,
  /** The keys of the index by change. A sweep queries each of them. */
  changeKeys: 16,
  /** The queues whose depth a sweep asks for if files make no progress. */
  askedQueues: 3,
  /** The alarms of a deployment that names a recipient. */
  alarms: 13,
} as const;

/**
 * Figures that were not measured, or not by the benchmark. The time depends on them, and so do a few cents of the cost
 * of a million rows.
 */
export const assumed = {
  callSeconds: { value: 0.01, why: 'an AWS call takes 10 ms within the region' },
  workerCallsInTurn: { value: 4, why: 'a worker waits for 4 calls in turn: job, row items, ledger, job' },
  fetchCallsInTurn: { value: 2, why: 'between two invocations the mapping waits for 2 calls: delete, receive' },
  splitterCpuSeconds: {
    value: 0.00001,
    why: 'a splitter needs 10 µs a row, profiled once without a network, and a Lambda vCPU is as fast as that machine',
  },
  splitterCallsInTurn: { value: 2, why: 'a splitter waits for 2 calls at each checkpoint: the last sends, the job' },
  pollSeconds: { value: 20, why: 'an idle poller asks every 20 s, the longest that SQS holds a call' },
  sweepLogBytes: {
    value: 1_000,
    why: 'Lambda logs 1,000 bytes of each sweep; one that finds nothing logs nothing itself',
  },
  messageBytes: { value: 2_626, why: 'a message of 25 rows has 2,626 bytes, as those of the benchmark' },
} as const;
