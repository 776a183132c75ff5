import { once } from 'node:events';
import { createServer } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf } from './emulators-clients.ts';

describe('stopping the emulators', () => {
  it('frees every port while connections are open and a receive is waiting', async () => {
    const emulators = await startEmulators();
    const clients = clientsOf(emulators);
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'waiting' }));
    await clients.s3.send(new ListBucketsCommand());
    await clients.dynamodb.send(new ListTablesCommand());
    const waiting = clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await clients.sqs.send(new CreateQueueCommand({ QueueName: 'sent-after-the-receive' }));
    await emulators.stop();
    for (const url of new Set(Object.values(emulators.endpoints))) await expectFree(Number(new URL(url).port));
    clients.close();
    await Promise.allSettled([waiting]);
  });
});

async function expectFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(server.address()).toMatchObject({ port });
  server.close();
  await once(server, 'close');
}
