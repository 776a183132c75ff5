// What the plan knows of this project. Data only: measured, set by the deployment, or assumed, and never mixed.

/** `npm run bench -- --rows 50000 --runs 1` of 2026-11-27: calls at the gate of the local cloud, per row. */
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
    /** Of 25 items each. */
    dynamoBatchWriteItem: 0.04,
    dynamoBatchGetItem: 0.00004,
    writeUnits: 1.005,
    /**
     * Processor time of a worker on that machine, by `process.threadCpuUsage()` in its thread over four files; the
     * benchmark itself does not tell it.
     */
    workerCpuSeconds: 0.000047,
  },
} as const;

/** What a deployment sets unless told otherwise: docs/configuration.md has the reasons. */
export const settings = {
  memoryMegabytes: 512,
  rowsPerMessage: 25,
  messagesPerInvocation: 10,
  mappingConcurrency: 5,
  batchesPerSegment: 100,
  /** Partition keys of a tenant's tasks, by the last hexadecimal digit of the id. */
  taskPartitionKeys: 16,
  /** Of the queues and of their dead letters, each with a maximum concurrency. */
  mappings: 6,
  sweepsAnHour: 60,
  /** Keys of the index by change, each of which a sweep queries. */
  changeKeys: 16,
  /** Queues whose depth a sweep asks for, if files stand still. */
  askedQueues: 3,
  /** If somebody is named to call. */
  alarms: 13,
} as const;

/**
 * What was measured nowhere, or not by the benchmark. The time leans on it, and of the dollars a few cents of a million
 * rows.
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
