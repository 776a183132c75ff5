import type { DeployedFunction } from '../local/model.ts';
import type { InvocationReport } from '../local/runtime/invocation.ts';
import { functionNamed, runFile } from './project.ts';
import type { Turns } from './turns.ts';

/** What the sandboxes took for a file of so many rows, from their cold starts on. */
export interface Observation {
  readonly rows: number;
  /** The most that one sandbox of each held, garbage left out: JavaScript heap and buffers. */
  readonly splitterHeldBytes: number;
  readonly workerHeldBytes: number;
  readonly invocations: number;
  /** Durations of the handlers, as they were on this machine, times the memory of their functions. */
  readonly gigabyteSeconds: number;
}

export async function observeFile(turns: Turns, rows: number): Promise<Observation> {
  const reports: InvocationReport[] = [];
  const options = { cold: true, onReport: (report: InvocationReport) => void reports.push(report) };
  // The cloud ends with its turn: only then has the last invocation reported.
  const functions = await turns.project(async (service) => {
    await runFile(service, rows);
    return [...service.cloud.stack.functions.values()];
  }, options);
  return observationOf(rows, functions, reports);
}

export function observationOf(
  rows: number,
  functions: readonly DeployedFunction[],
  reports: readonly InvocationReport[],
): Observation {
  const reportsOf = ({ logicalId }: DeployedFunction): readonly InvocationReport[] =>
    reports.filter(({ functionLogicalId }) => functionLogicalId === logicalId);
  const mostOf = (name: string): number =>
    Math.max(...reportsOf(functionNamed(functions, name)).map(({ heldBytes }) => heldBytes));
  const asked = functionNamed(functions, 'GetTaskFile');
  const billed = functions
    .filter((fn) => fn !== asked)
    .flatMap((fn) => reportsOf(fn).map(({ milliseconds }) => (milliseconds / 1_000) * (fn.memoryMb / 1_024)));
  return {
    rows,
    splitterHeldBytes: mostOf('UploadTaskSubscriber'),
    workerHeldBytes: mostOf('CreateTaskSubscriber'),
    invocations: billed.length,
    gigabyteSeconds: billed.reduce((sum, one) => sum + one, 0),
  };
}
