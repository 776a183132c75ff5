import { BatchWriteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, PurgeQueueCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';
import { createItemsTable } from './gate-table.ts';

const SESSION = 'arn:aws:sts::000000000000:assumed-role/WorkerRole/Worker';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:work';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic';
const Bucket = 'bucket';
const Entries = [{ Id: 'a', MessageBody: 'a' }];

let emulators: Emulators;
let admin: TestClients;
let worker: TestClients;
let QueueUrl: string;

const allow = (action: string, ...resources: readonly string[]) =>
  ({ effect: 'Allow', actions: [action], resources }) as const;

/** Replaces all that the worker was allowed before. */
const enforce = (...statements: Parameters<Emulators['gate']['enforce']>[0][number]['statements']) =>
  emulators.gate.enforce([{ accessKeyId: 'Worker', session: SESSION, statements }]);

beforeAll(async () => {
  emulators = await startEmulators();
  admin = clientsOf(emulators);
  worker = clientsOf(emulators, 'Worker');
  await admin.s3.send(new CreateBucketCommand({ Bucket }));
  await admin.s3.send(new PutObjectCommand({ Bucket, Key: 'uploads/there', Body: 'there' }));
  await createItemsTable(admin.dynamodb);
  QueueUrl = (await admin.sqs.send(new CreateQueueCommand({ QueueName: 'work' }))).QueueUrl ?? '';
  await admin.sns.send(new CreateTopicCommand({ Name: 'topic' }));
});
beforeEach(() => enforce());
afterAll(async () => {
  worker.close();
  admin.close();
  await emulators.stop();
});

const notAllowed = (action: string, resource: string): string =>
  `User: ${SESSION} is not authorized to perform: ${action} on resource: ${resource} ` +
  `because no identity-based policy allows the ${action} action`;

describe('a caller in a role is refused, in the form of the service,', () => {
  it('by DynamoDB', async () => {
    const get = worker.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }));
    await expect(get).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: notAllowed('dynamodb:GetItem', TABLE),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('by S3', async () => {
    const put = worker.s3.send(new PutObjectCommand({ Bucket, Key: 'uploads/a', Body: 'a' }));
    await expect(put).rejects.toMatchObject({
      name: 'AccessDenied',
      message: notAllowed('s3:PutObject', '"arn:aws:s3:::bucket/uploads/a"'),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('by SQS', async () => {
    const send = worker.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(send).rejects.toMatchObject({
      name: 'AccessDenied',
      message: notAllowed('sqs:sendmessage', QUEUE),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('by SNS', async () => {
    const publish = worker.sns.send(new PublishCommand({ TopicArn: TOPIC, Message: 'a' }));
    await expect(publish).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
      message: notAllowed('SNS:Publish', TOPIC),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('with another reason if a statement denies it', async () => {
    await enforce(allow('sqs:*', '*'), { effect: 'Deny', actions: ['sqs:PurgeQueue'], resources: [QUEUE] });
    await worker.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const purge = worker.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await expect(purge).rejects.toThrow(
      `perform: sqs:purgequeue on resource: ${QUEUE} with an explicit deny in an identity-based policy`,
    );
  });
});

describe('a caller in a role', () => {
  it('may do what its policies allow, and a refused call has no effect', async () => {
    await enforce(allow('dynamodb:BatchWriteItem', TABLE), allow('dynamodb:GetItem', TABLE));
    const Item = (id: string) => ({ id: { S: id } });
    const write = new BatchWriteItemCommand({ RequestItems: { items: [{ PutRequest: { Item: Item('batch') } }] } });
    await worker.dynamodb.send(write);
    const put = worker.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: Item('single') }));
    await expect(put).rejects.toThrow('dynamodb:PutItem');
    const read = async (id: string) =>
      (await worker.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: Item(id) }))).Item;
    expect([await read('batch'), await read('single')]).toEqual([Item('batch'), undefined]);
  });

  it('needs a right to each table of a batch', async () => {
    await enforce(allow('dynamodb:BatchWriteItem', TABLE));
    const some = [{ PutRequest: { Item: { id: { S: 'a' } } } }];
    const write = new BatchWriteItemCommand({ RequestItems: { items: some, others: some } });
    await expect(worker.dynamodb.send(write)).rejects.toThrow(`${TABLE.replace('items', 'others')} because`);
  });

  it('gets 404 for a missing object if it may list the bucket, and 403 otherwise', async () => {
    const missing = { Bucket, Key: 'uploads/missing' };
    const codes = async (): Promise<unknown[]> => {
      const all = [new GetObjectCommand(missing), new HeadObjectCommand(missing)];
      const failed = await Promise.allSettled(all.map((command) => worker.s3.send(command)));
      return failed.map((one) => one.status === 'rejected' && one.reason.$metadata.httpStatusCode);
    };
    await enforce(allow('s3:GetObject', 'arn:aws:s3:::bucket/uploads/*'));
    expect(await codes()).toEqual([403, 403]);
    await expect(worker.s3.send(new GetObjectCommand(missing))).rejects.toThrow('s3:ListBucket');
    await worker.s3.send(new GetObjectCommand({ Bucket, Key: 'uploads/there' }));
    await enforce(
      allow('s3:GetObject', 'arn:aws:s3:::bucket/uploads/*'),
      allow('s3:ListBucket', 'arn:aws:s3:::bucket'),
    );
    expect(await codes()).toEqual([404, 404]);
    expect(await worker.s3.send(new ListObjectsV2Command({ Bucket }))).toMatchObject({ KeyCount: 1 });
  });

  it('signs URLs that grant what it may do at the time of use', async () => {
    const get = await getSignedUrl(worker.s3, new GetObjectCommand({ Bucket, Key: 'uploads/there' }));
    const put = await getSignedUrl(worker.s3, new PutObjectCommand({ Bucket, Key: 'uploads/new' }));
    const statuses = async () => [(await fetch(get)).status, (await fetch(put, { method: 'PUT', body: 'x' })).status];
    expect(await statuses()).toEqual([403, 403]);
    await enforce(allow('s3:GetObject', 'arn:aws:s3:::bucket/uploads/*'));
    expect(await statuses()).toEqual([200, 403]);
    await enforce(allow('s3:PutObject', 'arn:aws:s3:::bucket/uploads/*'));
    expect(await statuses()).toEqual([403, 200]);
  });

  it('appears in the used rights and in the refusals', async () => {
    await enforce(allow('sqs:SendMessage', QUEUE), allow('dynamodb:GetItem', TABLE), allow('sns:Publish', TOPIC));
    await worker.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await worker.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }));
    const put = () => worker.s3.send(new PutObjectCommand({ Bucket, Key: 'other', Body: 'x' }));
    await expect(put()).rejects.toThrow();
    await expect(put()).rejects.toThrow();
    const by = { caller: 'Worker', effect: 'Allow' };
    expect(await emulators.gate.rights()).toEqual([
      { ...by, action: 'sqs:SendMessage', resource: QUEUE, calls: 1 },
      { ...by, action: 'dynamodb:GetItem', resource: TABLE, calls: 1 },
      { ...by, action: 'sns:Publish', resource: TOPIC, calls: 0 },
    ]);
    expect(await emulators.gate.refusals()).toContainEqual({
      caller: 'Worker',
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::bucket/other',
      calls: 2,
    });
  });
});

it('a caller without a role may do anything', async () => {
  await admin.s3.send(new PutObjectCommand({ Bucket, Key: 'uploads/there', Body: 'there' }));
  await admin.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await admin.sns.send(new PublishCommand({ TopicArn: TOPIC, Message: 'a' }));
  await admin.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }));
});
