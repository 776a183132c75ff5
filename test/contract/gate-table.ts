import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';

/** Creates the table `items` with the key `id`. */
export async function createItemsTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const waiter = { client: dynamodb, maxWaitTime: 5, minDelay: 0.02, maxDelay: 0.1 };
  await waitUntilTableExists(waiter, { TableName: 'items' });
}
