/**
 * What a row takes: files of 50,000 rows, in order, without faults, on two cores, 2026-11-27. Calls and units are counted at the
 * gate of the local cloud, by `npm run bench`. The seconds are what `process.threadCpuUsage()` said in the sandboxes' threads
 * before and after four files; the benchmark does not show them.
 */
export const MEASURED = {
  rowsPerInvocation: 250,
  callsPerRow: {
    objectWrites: 0.000_04,
    objectReads: 0.000_08,
    queueRequests: 0.012_08,
    topicRequests: 0.000_02,
  },
  writeUnitsPerRow: 1.005,
  readUnitsPerRow: 0.0082,
  /** Of one of its cores. */
  workerCpuSecondsPerRow: 47e-6,
  splitterCpuSecondsPerRow: 8.3e-6,
} as const;

/** What the arithmetic takes for granted: it was not measured on AWS. */
export const ASSUMED = {
  /** From a function to DynamoDB and back. */
  roundTripSeconds: 0.01,
  /** Of every function here, as the template says. */
  memoryMegabytes: 512,
  /** A core there does what a core of the bench machine does. */
  coresAlike: 1,
} as const;
