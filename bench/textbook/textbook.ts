import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { startLocalCloud, type LocalCloud, type LocalCloudOptions } from '../../local/cloud.ts';
import { until } from '../../test/e2e/support/until.ts';

const LIMIT_MS = 60 * 60_000;

/** The number of partitions over which the worker spreads the tasks. */
const TASK_PARTITIONS = 16;

/** The textbook algorithm on a local cloud of its own. */
export interface Textbook extends AsyncDisposable {
  /**
   * Measures from the order to the last count. Throws if a row was not stored, or not counted once, although nothing
   * failed.
   */
  rowsPerSecond(rows: number): Promise<number>;
}

export async function startTextbook(assemblyFolder: string, options: LocalCloudOptions): Promise<Textbook> {
  await using starting = new AsyncDisposableStack();
  const cloud = starting.use(await startLocalCloud({ ...options, assemblyFolder }));
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
  const TableName = cloud.stack.outputs['TableName'];
  const command = new GetItemCommand({ TableName, Key: { pk: { S: 'FILE' }, sk: { S: file } } });
  const read = async (): Promise<number> => Number((await dynamodb.send(command)).Item?.['processedCount']?.N ?? 0);
  await until(`${rows} counted rows of the textbook`, read, (counted) => counted >= rows, LIMIT_MS);
  const seconds = (performance.now() - begin) / 1_000;
  const [counted, stored] = [await read(), await countStoredRows(dynamodb, TableName, file)];
  if (counted !== rows || stored !== rows) {
    throw new Error(`Of ${rows} rows the textbook counted ${counted} and stored ${stored}, although nothing failed.`);
  }
  return rows / seconds;
}

async function countStoredRows(client: DynamoDBClient, TableName: string | undefined, file: string): Promise<number> {
  const counts = Array.from({ length: TASK_PARTITIONS }, async (_, partition) => {
    const query = {
      TableName,
      Select: 'COUNT' as const,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :file)',
      ExpressionAttributeValues: { ':pk': { S: `TASK#${partition}` }, ':file': { S: `${file}#` } },
    };
    let count = 0;
    for await (const { Count = 0 } of paginateQuery({ client }, query)) count += Count;
    return count;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
