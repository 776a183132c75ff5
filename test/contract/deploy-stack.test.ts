import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy } from '../../local/deploy/deploy.ts';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import type { DeployedStack } from '../../local/model.ts';
import { assemblyFolder, TEMPLATE, templateWith } from './deploy-template.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

let assembly: string;
let dataDir: string;
let emulators: Emulators;
let clients: TestClients;
let stack: DeployedStack;

const start = async (template: object): Promise<void> => {
  emulators = await startEmulators({ dataDir });
  clients = clientsOf(emulators);
  stack = await deploy({ template, assemblyFolder: assembly, emulators, apiEndpoint: 'http://127.0.0.1:8080' });
};
const stop = async (): Promise<void> => {
  clients.close();
  await emulators.stop();
};
const queueUrl = (name: string): string => `${emulators.endpoints.sqs}/000000000000/${name}`;
const attributes = async (name: string) =>
  (await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl(name), AttributeNames: ['All'] })))
    .Attributes;
/** Returns the bodies of the messages in the work queue. */
const waiting = async (): Promise<(string | undefined)[]> => {
  const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl('Work'), MaxNumberOfMessages: 10 });
  return ((await clients.sqs.send(receive)).Messages ?? []).map(({ Body }) => Body);
};

beforeAll(async () => {
  assembly = await assemblyFolder();
  dataDir = await mkdtemp(join(tmpdir(), 'deploy-data-'));
  await start(TEMPLATE);
});

afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true, force: true });
  await rm(assembly, { recursive: true, force: true });
});

describe('a deployed stack', () => {
  it('has the function with its references resolved and its own access key', () => {
    expect(stack.functions.get('Worker')).toEqual({
      logicalId: 'Worker',
      functionName: 'Worker',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:Worker',
      codeFolder: join(assembly, 'asset.code'),
      handler: 'index.handler',
      timeoutSeconds: 10,
      memoryMb: 512,
      environment: {
        QUEUE_URL: queueUrl('Work'),
        TABLE_NAME: 'Table',
        TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:Topic',
        BUCKET_ARN: 'arn:aws:s3:::files',
        SPLIT: 'cdk-bootstrap',
        SUBSTITUTED: '${Literal} aws Work',
        CHOSEN: 'us-east-1',
      },
      accessKeyId: 'Worker',
    });
  });

  it('has the mapping, the route, the enabled schedule, and the outputs', () => {
    const queueArn = 'arn:aws:sqs:us-east-1:000000000000:Work';
    expect(stack.mappings).toEqual([
      {
        logicalId: 'Mapping',
        functionLogicalId: 'Worker',
        queueUrl: queueUrl('Work'),
        queueArn,
        batchSize: 10,
        batchingWindowSeconds: 0,
        maximumConcurrency: 4,
        reportBatchItemFailures: true,
      },
    ]);
    expect(stack.routes).toEqual([{ routeKey: 'POST /things', functionLogicalId: 'Worker' }]);
    expect(stack.cors).toEqual({
      allowOrigins: ['http://localhost:3000'],
      allowMethods: ['GET', 'PUT'],
      allowHeaders: [],
      exposeHeaders: [],
      maxAgeSeconds: 600,
      allowCredentials: false,
    });
    expect(stack.schedules).toEqual([{ logicalId: 'Schedule', functionLogicalId: 'Worker', intervalSeconds: 300 }]);
    expect(stack.outputs).toEqual({ ApiUrl: 'http://127.0.0.1:8080', Bucket: 'files' });
  });

  it('has the queues with their attributes, except one whose condition is false', async () => {
    expect(await attributes('Work')).toMatchObject({
      VisibilityTimeout: '60',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
        maxReceiveCount: 10,
      }),
    });
    expect(await attributes('dead-letters')).toMatchObject({ MessageRetentionPeriod: '1209600' });
    await expect(attributes('OnMars')).rejects.toThrow('does not exist');
  });

  it('has the table with its index', async () => {
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'Table' }));
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexName: 'byTime' }] });
    const query = new QueryCommand({
      TableName: 'Table',
      IndexName: 'byTime',
      KeyConditionExpression: '#at = :at',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': { S: 'noon' } },
    });
    await clients.dynamodb.send(
      new PutItemCommand({ TableName: 'Table', Item: { pk: { S: 'a' }, at: { S: 'noon' } } }),
    );
    expect(await clients.dynamodb.send(query)).toMatchObject({ Count: 1 });
  });

  it('announces uploads, and delivers only the events of the filter, raw', async () => {
    await waiting();
    await clients.s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'uploads/a.csv', Body: 'title' }));
    const publish = (event: string) => {
      const MessageAttributes = { event: { DataType: 'String', StringValue: event } };
      const TopicArn = stack.functions.get('Worker')?.environment['TOPIC_ARN'];
      return clients.sns.send(new PublishCommand({ TopicArn, Message: event, MessageAttributes }));
    };
    await publish('begun');
    await publish('done');
    expect(await waiting()).toEqual([expect.stringContaining('ObjectCreated:Put'), 'done']);
  });
});

describe('deploying again into the same data folder', () => {
  it('keeps the resources and updates their attributes', async () => {
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('Work'), MessageBody: 'kept' }));
    await stop();
    const { Subscription } = TEMPLATE.Resources;
    await start(
      templateWith({
        Work: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 90 } },
        Subscription: {
          ...Subscription,
          Properties: { ...Subscription.Properties, FilterPolicy: { event: ['begun'] } },
        },
      }),
    );
    const found = await attributes('Work');
    expect(found).toMatchObject({ VisibilityTimeout: '90' });
    expect(found).not.toHaveProperty('RedrivePolicy');
    // Messages that were in flight are visible again: their receivers ended with the process.
    expect(await waiting()).toEqual(expect.arrayContaining(['done', 'kept']));
    const MessageAttributes = { event: { DataType: 'String', StringValue: 'begun' } };
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:Topic';
    await clients.sns.send(new PublishCommand({ TopicArn, Message: 'begun', MessageAttributes }));
    expect(await waiting()).toEqual(['begun']);
  });
});
