import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { until } from '../test/e2e/support/until.ts';
import type { LocalCloud } from '../local/cloud.ts';

/** The share of one client of the ceiling: `count` items from number `first` on. */
export interface Share {
  readonly endpoint: string;
  readonly region: string;
  readonly table: string;
  readonly first: number;
  readonly count: number;
}

const TABLE = 'BenchCeiling';

/**
 * Returns the items per second of bare BatchWriteItem calls through the gate, with this many clients in threads of
 * their own.
 */
export async function measureCeiling(
  { endpoints, stack }: LocalCloud,
  items: number,
  clients: number,
): Promise<number> {
  const endpoint = endpoints.dynamodb;
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const dynamodb = new DynamoDBClient({ endpoint, region: stack.region, credentials });
  await createTable(dynamodb);
  const each = Math.ceil(items / clients);
  const workers = Array.from({ length: clients }, (_, index) => {
    const share: Share = { endpoint, region: stack.region, table: TABLE, first: index * each, count: each };
    return new Worker(new URL('ceiling.worker.ts', import.meta.url), { workerData: share });
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const begin = performance.now();
  await Promise.all(
    workers.map((worker) => {
      worker.postMessage('go');
      return once(worker, 'message');
    }),
  );
  const seconds = (performance.now() - begin) / 1_000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  await dynamodb.send(new DeleteTableCommand({ TableName: TABLE }));
  dynamodb.destroy();
  return (each * clients) / seconds;
}

async function createTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  await until(
    'the table of the ceiling',
    () => dynamodb.send(new DescribeTableCommand({ TableName: TABLE })),
    ({ Table }) => Table?.TableStatus === 'ACTIVE',
  );
}
