import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { startLocalCloud, type LocalCloud } from '../../local/cloud.ts';
import { until } from '../../test/e2e/support/until.ts';
import { synthesizeTextbook } from './stack.ts';

const LIMIT_MS = 60 * 60_000;

/** The textbook algorithm on a local cloud of its own; rows per second from the order to the last count. */
export interface Textbook extends AsyncDisposable {
  rowsPerSecond(rows: number): Promise<number>;
}

export async function startTextbook(dataDir: string | undefined): Promise<Textbook> {
  await using starting = new AsyncDisposableStack();
  const folder = starting.adopt(await mkdtemp(join(tmpdir(), 'bench-textbook-')), (path) =>
    rm(path, { recursive: true }),
  );
  const cloud = starting.use(await startLocalCloud({ assemblyFolder: synthesizeTextbook(folder), dataDir }));
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const dynamodb = new DynamoDBClient({
    endpoint: cloud.endpoints.dynamodb,
    region: cloud.stack.region,
    credentials,
  });
  starting.defer(() => dynamodb.destroy());
  const started = starting.move();
  return {
    rowsPerSecond: (rows) => measure(cloud, dynamodb, rows),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function measure(cloud: LocalCloud, dynamodb: DynamoDBClient, rows: number): Promise<number> {
  const file = randomUUID();
  const splitter = [...cloud.stack.functions.keys()].find((id) => id.startsWith('Splitter')) ?? '';
  const begin = performance.now();
  const result = await cloud.invoke(splitter, { file, rows });
  if ('error' in result) throw new Error(`The textbook splitter failed: ${result.error.message}`);
  const Key = { pk: { S: 'FILE' }, sk: { S: file } };
  const command = new GetItemCommand({ TableName: cloud.stack.outputs['TableName'], Key });
  const read = async (): Promise<number> => Number((await dynamodb.send(command)).Item?.['processedCount']?.N ?? 0);
  await until(`${rows} counted rows of the textbook`, read, (counted) => counted >= rows, LIMIT_MS);
  return rows / ((performance.now() - begin) / 1_000);
}
