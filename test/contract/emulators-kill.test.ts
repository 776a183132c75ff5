import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BatchWriteItemCommand, CreateTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

const ACKNOWLEDGED_AT_LEAST = 300;

describe('emulators whose process is killed under load', () => {
  let dataDir: string;
  let victim: ChildProcess;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'emulators-kill-'));
    victim = spawn(process.execPath, [join(import.meta.dirname, 'emulators-victim.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
  });

  afterEach(async () => {
    victim.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('still have all acknowledged data after a restart', async () => {
    const acknowledged = await loadUntilKilled(victim);
    // What a killed process leaves of an upload that it had not acknowledged.
    await writeFile(join(dataDir, 'aws', 'objects', 'buckets', 'bucket', 'objects', 'torn.meta.json'), '{"key":"to');
    const emulators = await startEmulators({ dataDir });
    const clients = clientsOf(emulators);
    try {
      expect(await missing(acknowledged, clients, emulators)).toEqual({ items: [], messages: [], objects: [] });
    } finally {
      clients.close();
      await emulators.stop();
    }
  });
});

interface Written {
  readonly items: string[];
  readonly messages: string[];
  readonly objects: string[];
}

async function loadUntilKilled(victim: ChildProcess): Promise<Written> {
  const [line] = (await once(createInterface({ input: victim.stdout! }), 'line')) as [string];
  const clients = clientsOf(JSON.parse(line) as Emulators);
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  await clients.sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const written: Written = { items: [], messages: [], objects: [] };
  const writers = Object.values(writes(clients, line)).map(async (write, kind) => {
    const list = [written.items, written.messages, written.objects][kind]!;
    for (let round = 0; ; round++) {
      list.push(...(await write(round)));
      const count = written.items.length + written.messages.length + written.objects.length;
      const everyKind = Object.values(written).every((each) => each.length > 0);
      if (count >= ACKNOWLEDGED_AT_LEAST && everyKind) victim.kill('SIGKILL');
    }
  });
  // Every writer continues until its connection breaks.
  await Promise.allSettled(writers);
  clients.close();
  return written;
}

function writes({ s3, sqs, dynamodb }: TestClients, endpointsLine: string) {
  const ids = (round: number, count: number): string[] => Array.from({ length: count }, (_, i) => `${round}-${i}`);
  const { endpoints } = JSON.parse(endpointsLine) as Emulators;
  const QueueUrl = `${endpoints.sqs}/000000000000/queue`;
  return {
    items: async (round: number) => {
      const put = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { table: ids(round, 25).map(put) } }));
      return ids(round, 25);
    },
    messages: async (round: number) => {
      const entry = (id: string) => ({ Id: id, MessageBody: id });
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids(round, 10).map(entry) }));
      return ids(round, 10);
    },
    objects: async (round: number) => {
      await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: `uploads/${round}`, Body: `${round}` }));
      return [`uploads/${round}`];
    },
  };
}

async function missing(
  written: Written,
  { s3, sqs, dynamodb }: TestClients,
  { endpoints }: Emulators,
): Promise<Written> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'table' }));
  const items = new Set(Items.map((item) => item['id']?.S));
  const messages = new Set<string | undefined>();
  for (;;) {
    const QueueUrl = `${endpoints.sqs}/000000000000/queue`;
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) break;
    for (const { Body } of Messages) messages.add(Body);
  }
  const objects = new Set<string>();
  for (const Key of written.objects) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
    if (`uploads/${await Body?.transformToString()}` === Key) objects.add(Key);
  }
  return {
    items: written.items.filter((id) => !items.has(id)),
    messages: written.messages.filter((id) => !messages.has(id)),
    objects: written.objects.filter((key) => !objects.has(key)),
  };
}
