import { assumed, measured, settings } from './measured.ts';
import { quotas } from './quotas.ts';

/** Memory of a function in GB, which Lambda bills by the second. */
export const memoryGb = settings.memoryMegabytes / 1_024;

/** The part of a vCPU that comes with a function's memory. */
export const cpuShare = settings.memoryMegabytes / quotas.megabytesPerCpu.value;

/** Seconds of an invocation: calls that it waits for in turn, and the work on its rows. */
export const secondsOf = (callsInTurn: number, rows: number, cpuSecondsPerRow: number): number =>
  callsInTurn * assumed.callSeconds.value + (rows * cpuSecondsPerRow) / cpuShare;

export const workerCpuSeconds = measured.perRow.workerCpuSeconds;

/** Between two invocations of one worker: the mapping deletes what is done and receives what is next. */
export const fetchSeconds = secondsOf(assumed.fetchCallsInTurn.value, 0, 0);

/** Requests that SQS bills for one call with so many bytes of messages. */
export const requestsOf = (bytes: number): number => Math.ceil(bytes / quotas.sqsChunkBytes.value);

export const milliseconds = (seconds: number): string => `${(seconds * 1_000).toFixed(1)} ms`;
