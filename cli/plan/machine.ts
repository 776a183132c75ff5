import { assumed, measured, settings } from './measured.ts';
import { quotas } from './quotas.ts';

/** The memory of a function in GB, which Lambda bills by the second. */
export const memoryGb = settings.memoryMegabytes / 1_024;

/** The share of a vCPU that comes with a function's memory. */
export const cpuShare = settings.memoryMegabytes / quotas.megabytesPerCpu.value;

/** Computes the seconds of an invocation: the calls that it waits for in turn, and the work on its rows. */
export const secondsOf = (callsInTurn: number, rows: number, cpuSecondsPerRow: number): number =>
  callsInTurn * assumed.callSeconds.value + (rows * cpuSecondsPerRow) / cpuShare;

export const workerCpuSeconds = measured.perRow.workerCpuSeconds;

/** The time between two invocations of one worker, in which the mapping deletes and receives messages. */
export const fetchSeconds = secondsOf(assumed.fetchCallsInTurn.value, 0, 0);

/** Computes the requests that SQS bills for one call with so many bytes of messages. */
export const requestsOf = (bytes: number): number => Math.ceil(bytes / quotas.sqsChunkBytes.value);

export const milliseconds = (seconds: number): string => `${(seconds * 1_000).toFixed(1)} ms`;
