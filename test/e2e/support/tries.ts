import { DynamoDBClient, ListTablesCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Service } from './service.ts';

/** Three instants so long ago that whoever began a try then must be dead. */
const LONG_AGO = ['1', '2', '3'];

/** As `Tried` of the engine: a row, or the reading of the file on from the batch. */
type Tried = number | `split${number}`;

/**
 * Leaves what three workers leave behind that died over each of these, one after the other, and that nobody may fake
 * but a test: no sandbox of this machine dies over a row or a file by itself.
 */
export async function leaveDeaths({ cloud }: Service, jobId: string, batch: number, over: Tried[]): Promise<void> {
  const dynamo = new DynamoDBClient({
    region: cloud.stack.region,
    endpoint: cloud.endpoints.dynamodb,
    credentials: { accessKeyId: 'e2e', secretAccessKey: 'e2e' },
  });
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('TaskFilesTable'));
  for (const tried of over) {
    await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: `segment#default#${jobId}#0` }, sk: { S: `tries#${String(batch).padStart(10, '0')}` } },
        UpdateExpression: 'ADD #tried :deaths',
        ExpressionAttributeNames: { '#tried': typeof tried === 'number' ? `item${tried}` : tried },
        ExpressionAttributeValues: { ':deaths': { NS: LONG_AGO } },
      }),
    );
  }
  dynamo.destroy();
}
