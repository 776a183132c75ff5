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
import { generateName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

const ACTIVE_WITHIN_SECONDS = 5;
const POLL_SECONDS = 0.02;

export const table: ResourceKind = {
  supports: ['TableName', 'BillingMode', 'AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes'],
  ignores: {
    ...TAGS,
    DeletionProtectionEnabled: 'stacks are not deleted here, only the data folder is',
    PointInTimeRecoverySpecification: 'the local DynamoDB keeps no backups',
    SSESpecification: 'nothing is encrypted on this machine',
    TimeToLiveSpecification: 'the local DynamoDB expires no items, and readers must not rely on expiry anyway',
  },
  async deploy({ logicalId, properties }, { clients: { dynamodb }, region, accountId }) {
    if (properties['BillingMode'] !== 'PAY_PER_REQUEST') {
      throw new Error(
        `${logicalId} has another BillingMode than PAY_PER_REQUEST, the only one that the local cloud supports.`,
      );
    }
    const name = String(properties['TableName'] ?? generateName(logicalId, 255));
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
    // The table does not exist yet, so it is created.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
  throw new Error(
    `The process was killed while it created the table ${TableName}, which is incomplete. ` +
      'Start with --fresh to empty the data folder.',
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
