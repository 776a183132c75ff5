import { DynamoDBClient, ListTablesCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Service } from './service.ts';

/** Three instants so long ago that whoever began a try then must be dead. */
const LONG_AGO = ['1', '2', '3'];

/**
 * Leaves what three workers leave behind that died over each of these items, one after the other, and that nobody may fake but a
 * test: no sandbox of this machine dies over a row by itself.
 */
export async function leaveDeaths({ cloud }: Service, jobId: string, batch: number, items: number[]): Promise<void> {
  const dynamo = new DynamoDBClient({
    region: cloud.stack.region,
    endpoint: cloud.endpoints.dynamodb,
    credentials: { accessKeyId: 'e2e', secretAccessKey: 'e2e' },
  });
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('TaskFilesTable'));
  for (const item of items) {
    await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: `segment#default#${jobId}#0` }, sk: { S: `tries#${String(batch).padStart(10, '0')}` } },
        UpdateExpression: 'ADD #item :deaths',
        ExpressionAttributeNames: { '#item': `item${item}` },
        ExpressionAttributeValues: { ':deaths': { NS: LONG_AGO } },
      }),
    );
  }
  dynamo.destroy();
}
