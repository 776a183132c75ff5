import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { CreateTableCommand, waitUntilTableExists, type GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { ACCOUNT_ID } from '../../local/account.ts';
import { startEmulators, type Emulators } from '../../local/emulators/emulators.ts';
import type { Gate } from '../../local/gate/call/gate.ts';
import { documentClient, s3Client, snsClient, sqsClient } from '../../src/aws/index.ts';
import { CHANGE_INDEX, CREATION_INDEX, EVENT_ATTRIBUTE, TABLE_KEY } from '../../src/contract/index.ts';
import type { Clock } from '../../src/engine/index.ts';

/** The clock of the machine, with which the contract suites compare what is stored. */
export const clock: Clock = { now: () => Date.now() };

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });

const toKeySchema = ({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string }) => [
  key(partitionKey, 'HASH'),
  key(sortKey, 'RANGE'),
];
const TABLE_KEYS = toKeySchema(TABLE_KEY);

const toIndex = ({ name, ...keys }: typeof CREATION_INDEX | typeof CHANGE_INDEX) =>
  ({
    IndexName: name,
    KeySchema: toKeySchema(keys),
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }) satisfies GlobalSecondaryIndex;
const BY_CREATION = toIndex(CREATION_INDEX);
const BY_CHANGE = toIndex(CHANGE_INDEX);

/** The key attributes that are numbers. */
const NUMBERS: readonly string[] = [CHANGE_INDEX.sortKey];

/** Emulators in memory for one test file. Each table, queue, bucket and topic that it creates is a new one. */
export class Services {
  readonly dynamo = documentClient();
  readonly s3 = s3Client();
  readonly sqs = sqsClient();
  readonly sns = snsClient();
  readonly #emulators: Emulators;

  private constructor(emulators: Emulators) {
    this.#emulators = emulators;
  }

  /** Starts the emulators. The project's own code creates clients from the environment, as in a function. */
  static async start(): Promise<Services> {
    const emulators = await startEmulators();
    Object.assign(process.env, environmentOf(emulators));
    return new Services(emulators);
  }

  get gate(): Gate {
    return this.#emulators.gate;
  }

  async stop(): Promise<void> {
    for (const client of [this.dynamo, this.s3, this.sqs, this.sns]) client.destroy();
    await this.#emulators.stop();
  }

  createTasksTable = (): Promise<string> => this.#createTable([]);
  createTaskFilesTable = (): Promise<string> => this.#createTable([BY_CREATION, BY_CHANGE]);

  /** Creates a table with another key, as a wrong deployment would. */
  createTableWithKey = (AttributeName: string): Promise<string> =>
    this.#createTable([], [{ AttributeName, KeyType: 'HASH' }]);

  async #createTable(
    indexes: readonly (typeof BY_CREATION)[],
    tableKeys: readonly (typeof TABLE_KEYS)[number][] = TABLE_KEYS,
  ): Promise<string> {
    const TableName = `table-${randomUUID()}`;
    const keys = [...tableKeys, ...indexes.flatMap(({ KeySchema }) => KeySchema)];
    const create = new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [...tableKeys],
      AttributeDefinitions: keys.map(({ AttributeName }) => ({
        AttributeName,
        AttributeType: NUMBERS.includes(AttributeName) ? 'N' : 'S',
      })),
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: [...indexes] }),
    });
    await this.dynamo.send(create);
    await waitUntilTableExists({ client: this.dynamo, maxWaitTime: 5, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
    return TableName;
  }

  async createBucket(): Promise<string> {
    const Bucket = `bucket-${randomUUID()}`;
    await this.s3.send(new CreateBucketCommand({ Bucket }));
    return Bucket;
  }

  async createTopic(): Promise<string> {
    const { TopicArn } = await this.sns.send(new CreateTopicCommand({ Name: `topic-${randomUUID()}` }));
    return String(TopicArn);
  }

  async createQueue(): Promise<string> {
    const { QueueUrl } = await this.sqs.send(new CreateQueueCommand({ QueueName: `queue-${randomUUID()}` }));
    return String(QueueUrl);
  }

  /** Creates a queue that receives the events of a topic raw, as infra subscribes it: all events, or those named. */
  async subscribe(TopicArn: string, ...events: readonly string[]): Promise<string> {
    const queueUrl = await this.createQueue();
    const Endpoint = `arn:aws:sqs:${this.#emulators.region}:${ACCOUNT_ID}:${queueUrl.split('/').at(-1)}`;
    const filter = events.length > 0 && { FilterPolicy: JSON.stringify({ [EVENT_ATTRIBUTE]: events }) };
    const Attributes = { RawMessageDelivery: 'true', ...filter };
    await this.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    return queueUrl;
  }

  async send(QueueUrl: string, MessageBody: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Receives some messages, which stay in the queue. Waits so many seconds for one. */
  async receive(QueueUrl: string, WaitTimeSeconds: number): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, VisibilityTimeout: 600 });
    return (await this.sqs.send(command)).Messages ?? [];
  }

  /** Takes messages out of a queue until it is empty. Resolves to their bodies. */
  async drain(QueueUrl: string): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body }) => String(Body)));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  }
}

/** Returns the variables without those of the host, because with them a test could reach a real account. */
const environmentOf = ({ endpoints, region }: Emulators): Record<string, string> => ({
  AWS_REGION: region,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  AWS_ENDPOINT_URL_SNS: endpoints.sns,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ACCESS_KEY_ID: 'tester',
  AWS_SECRET_ACCESS_KEY: 'local',
  SERVICE_PATIENCE: '15',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
});
