import { uploadFile, UnexpectedResponseError } from '../client/index.ts';
import type { DeployedFunction } from '../local/model.ts';
import type { TaskFile } from '../src/contract/index.ts';
import { until } from '../test/e2e/support/until.ts';
import type { Service } from '../test/e2e/support/service.ts';
import { fileOf } from './file.ts';

export interface FileRun {
  readonly rowsPerSecond: number;
  /** From the call that wrote the last row to COMPLETED. */
  readonly lagSeconds: number;
  /** Milliseconds of each `GET /task-files/{id}` while the file ran. */
  readonly latencies: readonly number[];
  /** Of these, answered with a server error. */
  readonly failedReads: number;
}

const LIMIT_MS = 60 * 60_000;

/** Often enough for a few hundred latencies, too seldom to slow the file down. */
const READ_EVERY_MS = 100;

/**
 * Uploads a file by presigned URLs, whatever its size, and waits for its end; rows per second from `createdAt` to
 * `completedAt`.
 */
export async function runFile(service: Service, rows: number): Promise<FileRun> {
  const { client, cloud } = service;
  await cloud.gate.resetCounts();
  const { id } = await uploadFile(client, fileOf(rows), { fileName: 'bench.csv' });
  const latencies: number[] = [];
  let failedReads = 0;
  const read = async (): Promise<TaskFile | undefined> => {
    const begin = performance.now();
    try {
      return await client.getTaskFile({ params: { id } });
    } catch (error) {
      // A function that ran out of time, on a machine that is stretched: told in the result, and no reason to lose it.
      if (!(error instanceof UnexpectedResponseError)) throw error;
      failedReads++;
      return undefined;
    } finally {
      latencies.push(performance.now() - begin);
    }
  };
  const file = await until(`the end of task file ${id}`, read, isOver, LIMIT_MS, READ_EVERY_MS);
  if (file?.status !== 'COMPLETED' || file.processedCount !== rows) {
    throw new Error(`Task file ${id} of ${rows} rows ended ${file?.status} with ${file?.processedCount} processed.`);
  }
  const completedAt = Date.parse(file.completedAt ?? '');
  const rowsPerSecond = rows / ((completedAt - Date.parse(file.createdAt)) / 1_000);
  return { rowsPerSecond, lagSeconds: (completedAt - (await lastRowAt(service))) / 1_000, latencies, failedReads };
}

const isOver = (file: TaskFile | undefined): boolean => /^(?:COMPLETED|FAILED|CANCELLED)$/.test(file?.status ?? '');

async function lastRowAt({ cloud }: Service): Promise<number> {
  const { accessKeyId } = functionNamed(cloud.stack.functions.values(), 'CreateTaskSubscriber');
  const counts = await cloud.gate.counts();
  const writes = counts.find(({ caller, operation }) => caller === accessKeyId && operation === 'BatchWriteItem');
  if (!writes) throw new Error('No worker has written a row since the counts were reset.');
  return writes.lastAt;
}

/** `GetTaskFile` is `GetTaskFileFunction…` in the template. */
export function functionNamed(functions: Iterable<DeployedFunction>, name: string): DeployedFunction {
  const found = [...functions].find(({ logicalId }) => logicalId.startsWith(`${name}Function`));
  if (!found) throw new Error(`The stack has no function ${name}.`);
  return found;
}
