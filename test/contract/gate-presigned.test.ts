import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';
import { callS3 } from './s3-call.ts';

const Bucket = 'bucket';
/** Every character that URLs and signatures may encode differently. */
const Key = "reports/a b+ü😀(1)!*'~&=;,@$.csv";
const Body = 'title\n';
const MINUTE_MS = 60_000;

let emulators: Emulators;
let clients: TestClients;
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators, 'AFunction');
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
  await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/csv' }));
});
afterAll(async () => {
  clients.close();
  await emulators.stop();
});

const presigned = (options: Parameters<typeof getSignedUrl>[2] = {}): Promise<string> =>
  getSignedUrl(clients.s3, new GetObjectCommand({ Bucket, Key }), options);

const clientWith = (settings: S3ClientConfig): S3Client =>
  new S3Client({
    endpoint: emulators.endpoints.s3,
    region: emulators.region,
    credentials: { accessKeyId: 'AFunction', secretAccessKey: 'local' },
    forcePathStyle: true,
    ...settings,
  });

const changed = (url: string, name: string, value?: string): string => {
  const parsed = new URL(url);
  if (value === undefined) parsed.searchParams.delete(name);
  else parsed.searchParams.set(name, value);
  return parsed.href;
};

async function codeOf(url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  const text = await response.text();
  return `${response.status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text}`;
}

describe('a presigned URL', () => {
  it('works unchanged', async () => {
    expect(await codeOf(await presigned())).toBe(`200 ${Body}`);
  });

  it('can set a response header, which is signed too', async () => {
    const get = new GetObjectCommand({ Bucket, Key, ResponseContentType: 'text/x; a="b c"' });
    const response = await fetch(await getSignedUrl(clients.s3, get));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/x; a="b c"']);
  });

  it('works from its date until it expires', async () => {
    const signedBefore = (minutes: number): Promise<string> =>
      presigned({ expiresIn: 300, signingDate: new Date(Date.now() - minutes * MINUTE_MS) });
    expect(await codeOf(await signedBefore(4))).toBe(`200 ${Body}`);
    expect(await codeOf(await signedBefore(6))).toBe('403 AccessDenied');
    expect(await codeOf(await signedBefore(-14))).toBe(`200 ${Body}`);
    expect(await codeOf(await signedBefore(-16))).toBe('403 AccessDenied');
  });

  it('is refused for another object, method, time, caller or secret', async () => {
    const url = await presigned();
    const foreign = clientWith({ credentials: { accessKeyId: 'AFunction', secretAccessKey: 'guessed' } });
    const ofForeignOrigin = await getSignedUrl(foreign, new GetObjectCommand({ Bucket, Key }));
    foreign.destroy();
    for (const [other, init] of [
      [url.replace('reports/', 'reports/other'), {}],
      [url, { method: 'PUT', body: 'x' }],
      [url, { method: 'DELETE' }],
      [changed(url, 'X-Amz-Expires', '604800'), {}],
      [changed(url, 'X-Amz-Credential', url.match(/Credential=([^&]+)/)![1]!.replace('AFunction', 'Another')), {}],
      [changed(url, 'X-Amz-Signature', 'a'.repeat(64)), {}],
      [changed(url, 'X-Amz-Signature', 'short'), {}],
      [changed(url, 'response-content-type', 'text/html'), {}],
      [ofForeignOrigin, {}],
    ] as const) {
      expect(await codeOf(other, init)).toBe('403 SignatureDoesNotMatch');
    }
  });

  it('is refused if a part of the signature is missing or malformed', async () => {
    const url = await presigned();
    for (const other of [
      changed(url, 'X-Amz-Signature'),
      changed(url, 'X-Amz-Date'),
      changed(url, 'X-Amz-Date', 'today'),
      changed(url, 'X-Amz-Expires', '604801'),
      changed(url, 'X-Amz-Expires', 'never'),
      changed(url, 'X-Amz-Algorithm', 'AWS4-HMAC-SHA1'),
    ]) {
      expect(await codeOf(other)).toBe('400 AuthorizationQueryParametersError');
    }
  });

  it('of an upload accepts only the signed length', async () => {
    const put = new PutObjectCommand({ Bucket, Key: 'uploads/x.csv', ContentLength: 5 });
    const client = clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, put, { signableHeaders: new Set(['content-length']) });
    client.destroy();
    expect(await codeOf(url, { method: 'PUT', body: '12345' })).toBe('200 ');
    expect(await codeOf(url, { method: 'PUT', body: '123456' })).toBe('403 SignatureDoesNotMatch');
    const refused = await fetch(url, { method: 'PUT', body: '123456' });
    expect(await refused.text()).toContain('(contentLength in the request for the URL), and this request has 6 bytes');
  });

  it('works with a signed header whose blanks SigV4 collapses', async () => {
    const Metadata = { note: 'two  blanks   in a row' };
    const put = new PutObjectCommand({ Bucket, Key: 'uploads/blanks.csv', Metadata });
    const client = clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, put, { unhoistableHeaders: new Set(['x-amz-meta-note']) });
    client.destroy();
    const headers = { 'x-amz-meta-note': Metadata.note };
    expect(await codeOf(url, { method: 'PUT', body: '1', headers })).toBe('200 ');
    const other = { 'x-amz-meta-note': 'twoblanks in a row' };
    expect(await codeOf(url, { method: 'PUT', body: '1', headers: other })).toBe('403 SignatureDoesNotMatch');
  });

  it('works with the bucket in the host name', async () => {
    const { port } = new URL(emulators.endpoints.s3);
    const client = clientWith({ endpoint: `http://localhost:${port}`, forcePathStyle: false });
    const url = new URL(await getSignedUrl(client, new GetObjectCommand({ Bucket, Key })));
    client.destroy();
    expect(url.hostname).toBe(`${Bucket}.localhost`);
    const headers = { host: url.host };
    const signed = url.pathname + url.search;
    expect(await callS3(emulators.endpoints.s3, 'GET', signed, { headers })).toMatchObject({ status: 200, text: Body });
    const elsewhere = { host: `other.localhost:${port}` };
    const refused = await callS3(emulators.endpoints.s3, 'GET', signed, { headers: elsewhere });
    expect(refused).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it("is refused with unsigned x-amz headers, such as those of the caller's own signature", async () => {
    const headers = { 'x-amz-date': '20260131T080000Z', 'x-amz-security-token': 'token' };
    expect(await codeOf(await presigned(), { headers })).toBe('403 AccessDenied');
    expect(await codeOf(await presigned(), { headers: { 'x-other': '1' } })).toBe(`200 ${Body}`);
  });

  it('copies no object unless the copy is signed', async () => {
    const put = new PutObjectCommand({ Bucket, Key: 'uploads/copy.csv' });
    const client = clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, put);
    client.destroy();
    const copying = { 'x-amz-copy-source': `/${Bucket}/${encodeURIComponent(Key)}` };
    expect(await codeOf(url, { method: 'PUT', headers: copying })).toBe('403 AccessDenied');
    expect(await codeOf(url.split('?')[0]!)).toBe('404 NoSuchKey');
  });

  it('is not required of requests that are signed in headers, or not at all', async () => {
    const { Body: stored } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await stored?.transformToString()).toBe(Body);
    expect(await codeOf((await presigned()).split('?')[0]!)).toBe(`200 ${Body}`);
  });
});
