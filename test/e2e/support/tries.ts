import { DynamoDBClient, ListTablesCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Service } from './service.ts';

/** Three instants so long ago that a worker that began a try then must be dead. */
const LONG_AGO = ['1', '2', '3'];

/** The engine's `Tried`: a row, or the reading of the file from the batch on. */
type Tried = number | `split${number}`;

/**
 * Writes the notes of three workers that died over each of these, one after the other. Only a test may write them
 * itself: no sandbox of this machine dies over a row or a file on its own.
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
