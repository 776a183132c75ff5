import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

interface Message {
  readonly Records: readonly [{ eventName: string; s3: { object: { key: string; size: number } } }];
}

const MIB = 1024 * 1024;
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:uploads';
const rule = { id: 'rule', queueArn, event: 's3:ObjectCreated:*', prefix: 'uploads/', suffix: '.csv' };

describe('the events of new objects', () => {
  let dataDir: string;
  let emulators: Emulators;
  let clients: TestClients;
  let QueueUrl: string | undefined;

  const start = async (): Promise<void> => {
    emulators = await startEmulators({ dataDir });
    clients = clientsOf(emulators);
    ({ QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'uploads' })));
  };
  const stop = async (): Promise<void> => {
    clients.close();
    await emulators.stop();
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gate-events-'));
    await start();
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  });

  afterEach(async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /**
   * Receives the messages that are in the queue now. An event is there before the response to its upload, so no test
   * has to wait.
   */
  const waiting = async (): Promise<Message[]> => {
    const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) {
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return Messages.map(({ Body = '' }) => JSON.parse(Body) as Message);
  };
  const put = (Key: string, Body = 'title\n') => clients.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body }));
  const notify = (rules = [rule]) => emulators.gate.notifyOfObjects('bucket', rules);

  it('begin with one test event for each queue, even across a restart', async () => {
    await notify();
    await notify();
    await stop();
    await start();
    await notify();
    expect(await waiting()).toMatchObject([{ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' }]);
  });

  it('are in the queue before the response to the upload, in the form of S3', async () => {
    await notify();
    await waiting();
    const { ETag } = await put('uploads/a b+ü😀.csv', 'title\nSchön 😀\n');
    const [event] = await waiting();
    expect(event).toMatchObject({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'us-east-1',
          eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          eventName: 'ObjectCreated:Put',
          s3: {
            s3SchemaVersion: '1.0',
            configurationId: 'rule',
            bucket: { name: 'bucket', arn: 'arn:aws:s3:::bucket' },
            object: {
              key: 'uploads/a+b%2B%C3%BC%F0%9F%98%80.csv',
              size: Buffer.byteLength('title\nSchön 😀\n'),
              eTag: JSON.parse(String(ETag)),
              sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
            },
          },
        },
      ],
    });
  });

  it('are sent for a copy and for a completed multipart upload, not for its parts', async () => {
    await notify();
    await waiting();
    const at = { Bucket: 'bucket', Key: 'uploads/parts.csv' };
    const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand(at));
    const part = { ...at, UploadId, PartNumber: 1 };
    const { ETag } = await clients.s3.send(new UploadPartCommand({ ...part, Body: Buffer.alloc(5 * MIB) }));
    expect(await waiting()).toEqual([]);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await clients.s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
    const copy = { Bucket: 'bucket', Key: 'uploads/copy.csv', CopySource: 'bucket/uploads/parts.csv' };
    await clients.s3.send(new CopyObjectCommand(copy));
    const events = (await waiting()).map(({ Records: [{ eventName, s3 }] }) => [
      eventName,
      s3.object.key,
      s3.object.size,
    ]);
    expect(events).toEqual([
      ['ObjectCreated:CompleteMultipartUpload', 'uploads/parts.csv', 5 * MIB],
      ['ObjectCreated:Copy', 'uploads/copy.csv', 5 * MIB],
    ]);
  });

  it('are sent only for keys that match the filter', async () => {
    await notify();
    await waiting();
    await put('reports/a.csv');
    await put('uploads/a.txt');
    expect(await waiting()).toEqual([]);
  });

  it('continue after a restart, before a deployment', async () => {
    await notify();
    await waiting();
    await stop();
    await start();
    await put('uploads/early.csv');
    expect(await waiting()).toMatchObject([{ Records: [{ s3: { object: { key: 'uploads/early.csv' } } }] }]);
  });

  it('fail the upload if their queue does not exist', async () => {
    await notify();
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(put('uploads/a.csv')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });

  it('cannot be configured for a queue that does not exist', async () => {
    const rules = [{ ...rule, queueArn: `${queueArn}-gone` }];
    await expect(notify(rules)).rejects.toThrow("Queue 'uploads-gone' not found");
  });
});
