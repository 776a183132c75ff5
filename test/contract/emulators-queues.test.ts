import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

const MIB = 1024 * 1024;

describe('queues kept on disk', () => {
  let dataDir: string;
  let emulators: Emulators;
  let clients: TestClients;
  let created = 0;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'emulators-queues-'));
    emulators = await startEmulators({ dataDir });
    clients = clientsOf(emulators);
  });

  afterAll(async () => {
    clients.close();
    await emulators.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const newQueue = async (): Promise<string> => {
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: `queue-${created++}` }));
    return String(QueueUrl);
  };

  it('accept a message of 1 MiB and refuse a longer one', async () => {
    const QueueUrl = await newQueue();
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(MIB) }));
    const longer = clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(MIB + 1) }));
    await expect(longer).rejects.toThrow('Message must be shorter than 1048576 bytes');
  });

  it('accept a batch of 1 MiB and refuse a longer one', async () => {
    const QueueUrl = await newQueue();
    const entries = (bytes: number) =>
      Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x'.repeat(bytes) }));
    const sent = await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries(104_857) }));
    expect(sent.Successful).toHaveLength(10);
    const longer = clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries(104_858) }));
    await expect(longer).rejects.toThrow('Batch requests cannot be longer than 1048576 bytes');
  });

  it('return a message at once after its visibility timeout is set to 0, with its receives counted', async () => {
    const QueueUrl = await newQueue();
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds: 5,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    const first = await clients.sqs.send(receive);
    const ReceiptHandle = first.Messages?.[0]?.ReceiptHandle;
    await clients.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    const second = await clients.sqs.send(receive);
    expect(second.Messages).toMatchObject([{ Body: 'again', Attributes: { ApproximateReceiveCount: '2' } }]);
  });

  it('have URLs of the current address, also after a restart on another port', async () => {
    const url = await newQueue();
    expect(url.startsWith(`${emulators.endpoints.sqs}/000000000000/`)).toBe(true);
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'kept' }));
    clients.close();
    await emulators.stop();
    emulators = await startEmulators({ dataDir });
    clients = clientsOf(emulators);
    const QueueName = url.split('/').at(-1);
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
    expect(QueueUrl).toBe(`${emulators.endpoints.sqs}/000000000000/${QueueName}`);
    const { QueueUrls } = await clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }));
    expect(QueueUrls).toEqual([QueueUrl]);
    const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
  });
});
