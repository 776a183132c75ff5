import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { BatchGetItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';
import { createItemsTable } from './gate-table.ts';
import { callS3 } from './s3-call.ts';

const MIB = 1024 * 1024;

let emulators: Emulators;
let clients: TestClients;

beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators, 'AFunction');
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  await createItemsTable(clients.dynamodb);
});

afterAll(async () => {
  clients.close();
  await emulators.stop();
});

/** Sends a request without fetch or an SDK client, because neither lets the caller set Host and Origin. */
async function send(url: string, method: string, headers: Record<string, string>) {
  const sent = request(url, { method, headers });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

describe.each(['s3', 'dynamodb'] as const)('the gate of %s', (service) => {
  const url = (): string => emulators.endpoints[service];

  it.each([
    'rebound.example.com',
    '127.0.0.1.example.com',
    'example.com@127.0.0.1',
    '127.1',
    'notlocalhost',
    '0.0.0.0',
  ])('refuses a request to the Host %j', async (host) =>
    expect(await send(url(), 'GET', { host })).toMatchObject({ status: 403 }),
  );

  it.each(['127.0.0.1', 'localhost', '[::1]:1', 'bucket.s3.localhost:65535', 'LOCALHOST'])(
    'accepts a request to the Host %j',
    async (host) => expect((await send(url(), 'GET', { host })).status).not.toBe(403),
  );

  it('refuses resources that a page of another site embeds, and serves links that a user follows', async () => {
    const from = (mode: string) => send(url(), 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode });
    expect(await from('no-cors')).toMatchObject({ status: 403 });
    expect((await from('navigate')).status).not.toBe(403);
  });

  it.each([
    'https://example.com',
    'http://localhost.example.com',
    'http://127.0.0.1@example.com',
    'file://localhost',
    'null',
  ])('refuses a request from the Origin %s', async (origin) =>
    expect(await send(url(), 'GET', { origin })).toMatchObject({ status: 403 }),
  );

  it('responds to a preflight request of a page of this machine', async () => {
    const requested = { origin: 'http://localhost:8080', 'access-control-request-headers': 'content-type' };
    expect(await send(url(), 'OPTIONS', requested)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'http://localhost:8080',
        'access-control-allow-headers': 'content-type',
      },
    });
  });
});

describe('the gate', () => {
  it('lets a page of an allowed foreign origin call S3, and no other service', async () => {
    const headers = { origin: 'https://tasks.example.com' };
    await emulators.gate.allowOrigins([headers.origin]);
    const { status, headers: responseHeaders } = await send(
      `${emulators.endpoints.s3}/bucket/from-afar`,
      'PUT',
      headers,
    );
    expect([status, responseHeaders['access-control-allow-origin']]).toEqual([200, headers.origin]);
    expect(await send(emulators.endpoints.dynamodb, 'POST', headers)).toMatchObject({ status: 403 });
  });

  it('lets a page of this machine read the ETag of its upload', async () => {
    const { headers } = await send(`${emulators.endpoints.s3}/bucket/page`, 'PUT', { origin: 'http://127.0.0.1:1' });
    expect(headers).toMatchObject({ 'access-control-expose-headers': expect.stringContaining('ETag') });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-amz-json-1.0',
    'application/json',
    'text/csv',
    'no; type',
  ])('stores an object of the type %s byte for byte', async (contentType) => {
    const url = `${emulators.endpoints.s3}/bucket/typed`;
    const body = 'title\na=b&c,"{\n';
    const stored = await fetch(url, { method: 'PUT', body, headers: { 'content-type': contentType } });
    expect(stored.status).toBe(200);
    const read = await fetch(url);
    expect(await read.text()).toBe(body);
    if (contentType.includes('/')) expect(read.headers.get('content-type')).toBe(contentType);
  });

  it('accepts a body of 60 MiB', async () => {
    const Body = Buffer.alloc(60 * MIB);
    await clients.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'large', Body }));
  });

  it('refuses requests that fauxqs would misunderstand', async () => {
    const Tagging = { TagSet: [{ Key: 'a', Value: 'b' }] };
    const tagging = clients.s3.send(new PutObjectTaggingCommand({ Bucket: 'bucket', Key: 'large', Tagging }));
    await expect(tagging).rejects.toThrow('The local S3 does not support ?tagging');
  });

  it.each([
    ['POST', '/bucket/key', 405, 'MethodNotAllowed'],
    ['PATCH', '/bucket/key', 405, 'MethodNotAllowed'],
    ['PUT', '/bucket/key?partNumber=1', 405, 'MethodNotAllowed'],
    ['PUT', '/bucket/key?uploadId=1', 405, 'MethodNotAllowed'],
    ['POST', '/bucket', 501, 'NotImplemented'],
    ['PUT', '/bucket/key?renameObject', 501, 'NotImplemented'],
    ['PUT', '/bucket?versioning', 501, 'NotImplemented'],
    ['GET', '/bucket?policy', 501, 'NotImplemented'],
    ['GET', '/bucket/key?versionId=1', 501, 'NotImplemented'],
  ])(
    'refuses %s %s, which S3 or the local S3 does not support, in the form of S3',
    async (method, path, status, code) => {
      expect(await callS3(emulators.endpoints.s3, method, path, method === 'GET' ? {} : { body: 'x' })).toMatchObject({
        status,
        code,
      });
    },
  );

  it.each([
    'bucket.localhost',
    'bucket.s3.localhost:1234',
    'BUCKET.S3.us-east-1.localhost',
    'bucket.s3-eu-west-1.localhost',
  ])('takes the bucket from the Host %s, whatever the content type is', async (host) => {
    const { s3 } = emulators.endpoints;
    for (const type of ['application/x-www-form-urlencoded', 'application/x-amz-json-1.0', 'text/csv']) {
      const headers = { host, 'content-type': type };
      expect(await callS3(s3, 'PUT', '/hosted', { headers, body: type })).toMatchObject({ status: 200 });
      expect(await callS3(s3, 'GET', '/hosted', { headers: { host } })).toMatchObject({ text: type });
      expect(await callS3(s3, 'GET', '/bucket/hosted', { headers: { host: 's3.localhost' } })).toMatchObject({
        text: type,
      });
    }
  });

  it('refuses a key of more than 1,024 bytes', async () => {
    const put = (bytes: number) => callS3(emulators.endpoints.s3, 'PUT', `/bucket/${'%C3%BC'.repeat(bytes / 2)}`);
    expect(await put(1_026)).toMatchObject({ status: 400, code: 'KeyTooLongError' });
    expect(await put(1_024)).toMatchObject({ status: 200 });
  });

  it.each([
    ['x-amz-acl', 'public-read', 'private'],
    ['x-amz-storage-class', 'GLACIER', 'STANDARD'],
    ['x-amz-server-side-encryption', 'aws:kms', 'AES256'],
    ['x-amz-server-side-encryption-customer-key', 'a2V5', undefined],
    ['x-amz-tagging', 'a=b', ''],
    ['x-amz-object-lock-mode', 'GOVERNANCE', undefined],
    ['x-amz-website-redirect-location', '/elsewhere', undefined],
    ['x-amz-write-offset-bytes', '5', undefined],
    ['x-amz-grant-read', 'id=1', undefined],
    ['x-amz-bypass-governance-retention', 'true', 'false'],
  ])('refuses %s: %s by name', async (header, value, harmless) => {
    const put = (one: string) => callS3(emulators.endpoints.s3, 'PUT', '/bucket/asked', { headers: { [header]: one } });
    expect(await put(value)).toMatchObject({
      status: 501,
      code: 'NotImplemented',
      text: expect.stringContaining(header),
    });
    if (harmless !== undefined) expect(await put(harmless)).toMatchObject({ status: 200 });
  });

  it('refuses a request for the bucket of another account', async () => {
    const from = (owner: string) =>
      callS3(emulators.endpoints.s3, 'PUT', '/bucket/owned', { headers: { 'x-amz-expected-bucket-owner': owner } });
    expect(await from('111111111111')).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await from('000000000000')).toMatchObject({ status: 200 });
  });

  it('returns an object with the headers that its reader requests', async () => {
    const path = '/bucket/download';
    await callS3(emulators.endpoints.s3, 'PUT', path, { body: 'x' });
    const requested = '?response-content-type=text%2Fx&response-content-disposition=attachment%3B%20filename%3Da.csv';
    expect((await callS3(emulators.endpoints.s3, 'GET', path + requested)).headers).toMatchObject({
      'content-type': 'text/x',
      'content-disposition': 'attachment; filename=a.csv',
    });
  });

  it('survives a caller that disconnects in the middle of a request', async () => {
    const { host, port } = new URL(emulators.endpoints.dynamodb);
    const socket = connect(Number(port), '127.0.0.1');
    const half = `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\n{`;
    await new Promise((written) => socket.write(half, written));
    socket.resetAndDestroy();
    await once(socket, 'close');
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'after' } } }));
  });
});

describe('the counts of the gate', () => {
  beforeEach(() => emulators.gate.resetCounts());

  it('contain caller, service and operation, refusals, and the time of the last call', async () => {
    const begin = Date.now();
    await clients.sqs.send(new CreateQueueCommand({ QueueName: 'counted' }));
    await clients.sns.send(new ListTopicsCommand());
    const unknown = clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'unknown' }));
    await expect(unknown).rejects.toThrow();
    await clients.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'counted', Body: 'x' }));
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'a' } } }));
    const counts = await emulators.gate.counts();
    const lasts = counts.map(({ lastAt }) => lastAt);
    expect(Math.min(...lasts)).toBeGreaterThanOrEqual(begin);
    expect(Math.max(...lasts)).toBeLessThanOrEqual(Date.now());
    const by = { caller: 'AFunction', calls: 1, lastAt: expect.any(Number), readUnits: 0, writeUnits: 0 };
    expect(counts).toEqual([
      { ...by, service: 'sqs', operation: 'CreateQueue', refused: 0 },
      { ...by, service: 'sns', operation: 'ListTopics', refused: 0 },
      { ...by, service: 'sqs', operation: 'GetQueueUrl', refused: 1 },
      { ...by, service: 's3', operation: 'PutObject', refused: 0 },
      { ...by, service: 'dynamodb', operation: 'PutItem', refused: 0 },
    ]);
  });

  it('contain the units of reads and writes once they are switched on', async () => {
    await emulators.gate.countUnits(true);
    const Item = { id: { S: 'b' }, text: { S: 'x'.repeat(1500) } };
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'items', Item }));
    const item = { TableName: 'items', Key: { id: { S: 'b' } } };
    await clients.dynamodb.send(new GetItemCommand(item));
    await clients.dynamodb.send(new GetItemCommand({ ...item, ConsistentRead: true }));
    await clients.dynamodb.send(new BatchGetItemCommand({ RequestItems: { items: { Keys: [item.Key] } } }));
    await emulators.gate.countUnits(false);
    expect(await emulators.gate.counts()).toMatchObject([
      { operation: 'PutItem', calls: 1, readUnits: 0, writeUnits: 2 },
      { operation: 'GetItem', calls: 2, readUnits: 1.5, writeUnits: 0 },
      { operation: 'BatchGetItem', calls: 1, readUnits: 0.5, writeUnits: 0 },
    ]);
  });
});
