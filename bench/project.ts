import type { CallCount } from '../local/gate/call-counter.ts';
import { csv, rows } from '../test/e2e/support/csv.ts';
import { until } from '../test/e2e/support/until.ts';
import type { Service } from '../test/e2e/support/service.ts';

export interface FileRun {
  readonly rowsPerSecond: number;
  /** Milliseconds of each `GET /task-files/{id}` while the file ran. */
  readonly latencies: readonly number[];
}

const LIMIT_MS = 30 * 60_000;

/** Uploads a file over HTTP and waits for its end; rows per second from `createdAt` to `completedAt`. */
export async function runFile({ client }: Service, count: number): Promise<FileRun> {
  const { id } = await client.uploadTasks({ query: { fileName: 'bench.csv' }, body: csv(rows(count)) });
  const latencies: number[] = [];
  const read = async () => {
    const begin = performance.now();
    const file = await client.getTaskFile({ params: { id } });
    latencies.push(performance.now() - begin);
    return file;
  };
  const isOver = ({ status }: { readonly status: string }): boolean => /^(?:COMPLETED|FAILED|CANCELLED)$/.test(status);
  const file = await until(`the end of task file ${id}`, read, isOver, LIMIT_MS);
  if (file.status !== 'COMPLETED' || file.processedCount !== count) {
    throw new Error(`Task file ${id} of ${count} rows ended ${file.status} with ${file.processedCount} processed.`);
  }
  const ms = Date.parse(file.completedAt ?? '') - Date.parse(file.createdAt);
  return { rowsPerSecond: count / (ms / 1_000), latencies };
}

/** All calls while a file ran, but for those of the function that the benchmark asks for progress. */
export async function countCalls(service: Service, count: number): Promise<readonly CallCount[]> {
  const { gate, stack } = service.cloud;
  const asked = [...stack.functions.values()].find(({ logicalId }) => logicalId.startsWith('GetTaskFileFunction'));
  await gate.countUnits(true);
  await gate.resetCounts();
  await runFile(service, count);
  const counts = await gate.counts();
  await gate.countUnits(false);
  return counts.filter(({ caller }) => caller !== asked?.accessKeyId);
}
