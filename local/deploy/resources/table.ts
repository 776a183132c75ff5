import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceNotFoundException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { generatedName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

const ACTIVE_WITHIN_SECONDS = 5;
const POLL_SECONDS = 0.02;

export const table: ResourceKind = {
  realises: ['TableName', 'BillingMode', 'AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes'],
  ignores: {
    ...TAGS,
    DeletionProtectionEnabled: 'no stack is deleted here; the data folder is',
    PointInTimeRecoverySpecification: 'the local DynamoDB keeps no backups',
    SSESpecification: 'nothing is encrypted on this machine',
    TimeToLiveSpecification: 'the local DynamoDB expires no items, and readers must not rely on expiry anyway',
  },
  async realise({ logicalId, properties }, { clients: { dynamodb }, region, accountId }) {
    if (properties['BillingMode'] !== 'PAY_PER_REQUEST') {
      throw new Error(
        `${logicalId} has another BillingMode than PAY_PER_REQUEST, which the local cloud does not realise.`,
      );
    }
    const name = String(properties['TableName'] ?? generatedName(logicalId, 255));
    if (!(await exists(dynamodb, name))) await create(dynamodb, name, properties);
    await waitUntilTableExists(
      { client: dynamodb, maxWaitTime: ACTIVE_WITHIN_SECONDS, minDelay: POLL_SECONDS, maxDelay: POLL_SECONDS },
      { TableName: name },
    );
    return { ref: name, attributes: { Arn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}` } };
  },
};

async function exists(dynamodb: DynamoDBClient, TableName: string): Promise<boolean> {
  try {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return true;
  } catch (error) {
    // Not there yet: it is created then.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
  throw new Error(
    `The table ${TableName} was being made when its process was killed, and nobody goes on with that; ` +
      'start with --fresh to begin anew.',
  );
}

async function create(
  dynamodb: DynamoDBClient,
  TableName: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  const indexes = properties['GlobalSecondaryIndexes'] as GlobalSecondaryIndex[] | undefined;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: properties['AttributeDefinitions'] as AttributeDefinition[],
      KeySchema: properties['KeySchema'] as KeySchemaElement[],
      ...(indexes && { GlobalSecondaryIndexes: indexes }),
    }),
  );
}
