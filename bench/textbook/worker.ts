// For each message, writes the task, then updates the counter of the file.
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';

const dynamodb = new DynamoDBClient();
const TableName = process.env['TABLE_NAME'];

export async function handler({ Records }: SQSEvent): Promise<void> {
  await Promise.all(Records.map(({ body }) => record(body)));
}

async function record(body: string): Promise<void> {
  const { file, row, title, detail, dueAt, isComplete } = JSON.parse(body);
  const at = { S: new Date().toISOString() };
  const key = { pk: { S: `TASK#${row % 16}` }, sk: { S: `${file}#${row}` } };
  const cells = { title: { S: title }, detail: { S: detail }, dueAt: { S: dueAt }, isComplete: { BOOL: isComplete } };
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...key, ...cells, createdAt: at, updatedAt: at } }));
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: 'FILE' }, sk: { S: file } },
      UpdateExpression: 'ADD processedCount :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
}
