import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { callS3, type S3Response, type S3Call } from './s3-call.ts';

const FAILED = { status: 412, code: 'PreconditionFailed' };
const MISSING = { status: 404, code: 'NoSuchKey' };

let dataDir: string;
let emulators: Emulators;
let s3: (method: string, path: string, call?: S3Call) => Promise<S3Response>;
let etag: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gate-conditions-'));
  emulators = await startEmulators({ dataDir });
  s3 = (...call) => callS3(emulators.endpoints.s3, ...call);
  await s3('PUT', '/bucket');
});
afterAll(async () => {
  await emulators.stop();
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  etag = String((await s3('PUT', '/bucket/present', { body: 'old' })).headers.etag);
  await s3('DELETE', '/bucket/missing');
});

const headersOf = (name: string, value: string) => ({ headers: { [name]: value } });
const text = async (): Promise<string> => (await s3('GET', '/bucket/present')).text;

/** Creates an object from one part. */
async function complete(path: string, headers: Record<string, string>): Promise<S3Response> {
  const id = /<UploadId>(.+)<\/UploadId>/.exec((await s3('POST', `${path}?uploads`)).text)?.[1];
  const part = await s3('PUT', `${path}?partNumber=1&uploadId=${id}`, { body: 'new' });
  const list = `<Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part>`;
  const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`;
  return await s3('POST', `${path}?uploadId=${id}`, { headers, body });
}

const writes: [name: string, write: (path: string, headers: Record<string, string>) => Promise<S3Response>][] = [
  ['a PUT', (path, headers) => s3('PUT', path, { headers, body: 'new' })],
  ['a copy', (path, headers) => s3('PUT', path, { headers: { 'x-amz-copy-source': '/bucket/present', ...headers } })],
  ['an upload in parts', complete],
];

describe.each(writes)('%s', (_, write) => {
  it('with If-None-Match: * creates an object and replaces none', async () => {
    const headers = { 'if-none-match': '*' };
    expect(await write('/bucket/missing', headers)).toMatchObject({ status: 200 });
    expect(await write('/bucket/missing', headers)).toMatchObject(FAILED);
    expect(await write('/bucket/present', headers)).toMatchObject(FAILED);
    expect(await text()).toBe('old');
  });

  it('with If-Match replaces only an object with that ETag', async () => {
    expect(await write('/bucket/present', { 'if-match': `"${'0'.repeat(32)}"` })).toMatchObject(FAILED);
    expect(await write('/bucket/missing', { 'if-match': etag })).toMatchObject(MISSING);
    expect(await text()).toBe('old');
    expect(await write('/bucket/present', { 'if-match': etag })).toMatchObject({ status: 200 });
  });

  it('with an ETag in If-None-Match is refused, as by S3', async () => {
    const refused = await write('/bucket/missing', { 'if-none-match': etag });
    expect(refused).toMatchObject({ status: 501, code: 'NotImplemented' });
  });
});

describe('of concurrent writers with If-None-Match', () => {
  it('exactly one succeeds', async () => {
    const put = (body: string) => s3('PUT', '/bucket/missing', { ...headersOf('if-none-match', '*'), body });
    const responses = await Promise.all(['a', 'b', 'c', 'd'].map(put));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a deletion with If-Match', () => {
  it('deletes only an object with that ETag', async () => {
    expect(await s3('DELETE', '/bucket/present', headersOf('if-match', '"other"'))).toMatchObject(FAILED);
    expect(await text()).toBe('old');
    expect(await s3('DELETE', '/bucket/present', headersOf('if-match', etag))).toMatchObject({ status: 204 });
  });
});

describe('a copy', () => {
  const copy = (headers: Record<string, string>) =>
    s3('PUT', '/bucket/copied', { headers: { 'x-amz-copy-source': 'bucket/present', ...headers } });
  const PAST = 'Wed, 01 Jan 2020 00:00:00 GMT';
  const FUTURE = 'Fri, 01 Jan 2100 00:00:00 GMT';

  it.each([
    ['if-match', () => etag, () => '"other"'],
    ['if-none-match', () => '"other"', () => etag],
    ['if-modified-since', () => PAST, () => FUTURE],
    ['if-unmodified-since', () => FUTURE, () => PAST],
  ])('obeys x-amz-copy-source-%s', async (name, right, wrong) => {
    expect(await copy({ [`x-amz-copy-source-${name}`]: right() })).toMatchObject({ status: 200 });
    expect(await copy({ [`x-amz-copy-source-${name}`]: wrong() })).toMatchObject(FAILED);
  });

  it('with a matching ETag ignores the condition on the time', async () => {
    const headers = { 'x-amz-copy-source-if-match': etag, 'x-amz-copy-source-if-unmodified-since': PAST };
    expect(await copy(headers)).toMatchObject({ status: 200 });
  });

  it.each([
    ['without a key', 'bucket', 400, 'InvalidArgument'],
    ['that is not percent-encoded', 'bucket/100%', 400, 'InvalidArgument'],
    ['with a version', 'bucket/present?versionId=1', 501, 'NotImplemented'],
    ['that does not exist', 'bucket/missing', 404, 'NoSuchKey'],
  ])('from a source %s is refused', async (_, source, status, code) => {
    expect(await copy({ 'x-amz-copy-source': source })).toMatchObject({ status, code });
  });
});
