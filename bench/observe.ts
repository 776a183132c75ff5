import type { DeployedFunction } from '../local/model.ts';
import type { InvocationReport } from '../local/runtime/invocation.ts';
import { findFunction, runFile } from './project.ts';
import type { Runner } from './runner.ts';

/** What the sandboxes used for a file of this many rows, from their cold starts on. */
export interface Observation {
  readonly rows: number;
  /** The most bytes that one sandbox of each held, without garbage: JavaScript heap and buffers. */
  readonly splitterHeldBytes: number;
  readonly workerHeldBytes: number;
  readonly invocations: number;
  /** The durations of the handlers on this machine times the memory of their functions. */
  readonly gigabyteSeconds: number;
}

export async function observeFile(runner: Runner, rows: number): Promise<Observation> {
  const reports: InvocationReport[] = [];
  const options = { cold: true, onReport: (report: InvocationReport) => void reports.push(report) };
  // The cloud ends after `use`. Only then has the last invocation reported.
  const functions = await runner.project(async (service) => {
    await runFile(service, rows);
    return [...service.cloud.stack.functions.values()];
  }, options);
  return toObservation(rows, functions, reports);
}

export function toObservation(
  rows: number,
  functions: readonly DeployedFunction[],
  reports: readonly InvocationReport[],
): Observation {
  const reportsOf = ({ logicalId }: DeployedFunction): readonly InvocationReport[] =>
    reports.filter(({ functionLogicalId }) => functionLogicalId === logicalId);
  const mostOf = (name: string): number =>
    Math.max(...reportsOf(findFunction(functions, name)).map(({ heldBytes }) => heldBytes));
  const polled = findFunction(functions, 'GetTaskFile');
  const billed = functions
    .filter((fn) => fn !== polled)
    .flatMap((fn) => reportsOf(fn).map(({ milliseconds }) => (milliseconds / 1_000) * (fn.memoryMb / 1_024)));
  return {
    rows,
    splitterHeldBytes: mostOf('UploadTaskSubscriber'),
    workerHeldBytes: mostOf('CreateTaskSubscriber'),
    invocations: billed.length,
    gigabyteSeconds: billed.reduce((sum, one) => sum + one, 0),
  };
}
