import { uploadFile, UnexpectedResponseError } from '../client/index.ts';
import type { DeployedFunction } from '../local/model.ts';
import type { TaskFile } from '../src/contract/index.ts';
import { until } from '../test/e2e/support/until.ts';
import type { Service } from '../test/e2e/support/service.ts';
import { makeFile } from './file.ts';

export interface FileRun {
  readonly rowsPerSecond: number;
  /** The seconds from the call that wrote the last row to COMPLETED. */
  readonly lagSeconds: number;
  /** The milliseconds of each `GET /task-files/{id}` while the file ran. */
  readonly latencies: readonly number[];
  /** How many of them got a server error. */
  readonly failedReads: number;
}

const LIMIT_MS = 60 * 60_000;

/** The interval of the reads: short enough for a few hundred latencies, too long to slow the file down. */
const READ_EVERY_MS = 100;

/**
 * Uploads a file by presigned URLs, whatever its size, and waits for its end. Rows per second count from `createdAt` to
 * `completedAt`.
 */
export async function runFile(service: Service, rows: number): Promise<FileRun> {
  const { client, cloud } = service;
  await cloud.gate.resetCounts();
  const { id } = await uploadFile(client, makeFile(rows), { fileName: 'bench.csv' });
  const latencies: number[] = [];
  let failedReads = 0;
  const read = async (): Promise<TaskFile | undefined> => {
    const begin = performance.now();
    try {
      return await client.getTaskFile({ params: { id } });
    } catch (error) {
      // A function may time out on a slow machine. The result counts it, and the run continues.
      if (!(error instanceof UnexpectedResponseError)) throw error;
      failedReads++;
      return undefined;
    } finally {
      latencies.push(performance.now() - begin);
    }
  };
  const file = await until(`the end of task file ${id}`, read, hasEnded, LIMIT_MS, READ_EVERY_MS);
  if (file?.status !== 'COMPLETED' || file.processedCount !== rows) {
    throw new Error(`Task file ${id} of ${rows} rows ended ${file?.status} with ${file?.processedCount} processed.`);
  }
  const completedAt = Date.parse(file.completedAt ?? '');
  const rowsPerSecond = rows / ((completedAt - Date.parse(file.createdAt)) / 1_000);
  return { rowsPerSecond, lagSeconds: (completedAt - (await readLastRowAt(service))) / 1_000, latencies, failedReads };
}

const hasEnded = (file: TaskFile | undefined): boolean => /^(?:COMPLETED|FAILED|CANCELLED)$/.test(file?.status ?? '');

async function readLastRowAt({ cloud }: Service): Promise<number> {
  const { accessKeyId } = findFunction(cloud.stack.functions.values(), 'CreateTaskSubscriber');
  const counts = await cloud.gate.counts();
  const writes = counts.find(({ caller, operation }) => caller === accessKeyId && operation === 'BatchWriteItem');
  if (!writes) throw new Error('No worker has written a row since the counts were reset.');
  return writes.lastAt;
}

/** Finds a function by its name: `GetTaskFile` is `GetTaskFileFunction…` in the template. */
export function findFunction(functions: Iterable<DeployedFunction>, name: string): DeployedFunction {
  const found = [...functions].find(({ logicalId }) => logicalId.startsWith(`${name}Function`));
  if (!found) throw new Error(`The stack has no function ${name}.`);
  return found;
}
