import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';
import { callS3, type S3Call } from './s3-call.ts';

const Bucket = 'bucket';
const Key = 'uploads/a b&ü.csv';
const MIB = 1024 * 1024;

let dataDir: string;
let emulators: Emulators;
let clients: TestClients;
const start = async (): Promise<void> => {
  emulators = await startEmulators({ dataDir });
  clients = clientsOf(emulators, 'AFunction');
};
const stop = async (): Promise<void> => {
  clients.close();
  await emulators.stop();
};
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gate-parts-'));
  await start();
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true });
});

const begin = async (): Promise<string> =>
  (await clients.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? '';
const put = async (UploadId: string, PartNumber: number, bytes: number): Promise<string> => {
  const part = { Bucket, Key, UploadId, PartNumber, Body: Buffer.alloc(bytes, 'x') };
  return (await clients.s3.send(new UploadPartCommand(part))).ETag ?? '';
};
const list = (UploadId: string, others = {}) =>
  clients.s3.send(new ListPartsCommand({ Bucket, Key, UploadId, ...others }));

describe('the parts of an upload', () => {
  it('are listed by number with size and ETag, each in its latest version, also after a restart', async () => {
    const UploadId = await begin();
    expect((await list(UploadId)).Parts ?? []).toEqual([]);
    await put(UploadId, 2, 7);
    await put(UploadId, 1, 3);
    const first = await put(UploadId, 1, 5 * MIB);
    await stop();
    await start();
    const { Parts = [], IsTruncated } = await list(UploadId);
    expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * MIB],
      [2, 7],
    ]);
    expect([Parts[0]?.ETag, IsTruncated]).toEqual([first, false]);
    const counts = await emulators.gate.counts();
    expect(counts.find(({ operation }) => operation === 'ListParts')).toMatchObject({ caller: 'AFunction', calls: 1 });
  });

  it('are not listed after the completion, or for another object or upload', async () => {
    const UploadId = await begin();
    const ETag = await put(UploadId, 1, 3);
    const gone = { name: 'NoSuchUpload' };
    await expect(list(UploadId, { Key: 'uploads/other.csv' })).rejects.toMatchObject(gone);
    await expect(list('no-such-upload')).rejects.toMatchObject(gone);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await clients.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    await expect(list(UploadId)).rejects.toMatchObject(gone);
  });
});

describe('the list of parts that completes an upload', () => {
  const path = `/${Bucket}/listed`;
  const s3 = (method: string, query: string, call: S3Call = {}) =>
    callS3(emulators.endpoints.s3, method, `${path}?${query}`, call);
  const CRC32_OF_X = 'jNwWgw==';

  /** Starts an upload of one part with the content `x`. */
  async function uploaded(headers: Record<string, string> = {}): Promise<{ id: string; etag: string }> {
    const id = /<UploadId>(.+)<\/UploadId>/.exec((await s3('POST', 'uploads')).text)?.[1] ?? '';
    const part = await s3('PUT', `partNumber=1&uploadId=${id}`, { body: 'x', headers });
    return { id, etag: String(part.headers.etag).replaceAll('"', '') };
  }
  const complete = (id: string, body: string, headers: Record<string, string> = {}) =>
    s3('POST', `uploadId=${id}`, { body, headers });
  const list = (...parts: readonly string[]): string =>
    `<CompleteMultipartUpload>${parts.map((part) => `<Part>${part}</Part>`).join('')}</CompleteMultipartUpload>`;
  const part = (etag: string, more = ''): string => `<PartNumber>1</PartNumber><ETag>${etag}</ETag>${more}`;

  it.each<[string, (etag: string) => string]>([
    ['with &#34;, as Go writes it', (etag) => list(part(`&#34;${etag}&#34;`))],
    ['with &quot;', (etag) => list(part(`&quot;${etag}&quot;`))],
    ['with &#x22;', (etag) => list(part(`&#x22;${etag}&#x22;`))],
    ['with CDATA', (etag) => list(part(`<![CDATA["${etag}"]]>`))],
    ['without quotes', (etag) => list(part(etag))],
    [
      'in another order, with blanks and attributes',
      (etag) =>
        `<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n  <Part a="b">\n    <ETag>\n"${etag}"\n</ETag>\n    <PartNumber> 1 </PartNumber>\n  </Part>\n</CompleteMultipartUpload>`,
    ],
    [
      'with prefixes',
      (etag) =>
        `<s3:CompleteMultipartUpload xmlns:s3="x"><s3:Part><s3:PartNumber>1</s3:PartNumber><s3:ETag>"${etag}"</s3:ETag></s3:Part></s3:CompleteMultipartUpload>`,
    ],
    [
      'with a comment that looks like a part',
      (etag) => `${list(`<!-- <PartNumber>2</PartNumber> -->${part(etag)}`)}\n`,
    ],
  ])('may be written %s', async (_, body) => {
    const { id, etag } = await uploaded();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await complete(id, body(etag), headers)).status).toBe(200);
    expect((await callS3(emulators.endpoints.s3, 'GET', path)).text).toBe('x');
  });

  it.each<[string, (etag: string) => string, string]>([
    ['is not XML', () => 'parts', 'MalformedXML'],
    ['is empty', () => '', 'MalformedXML'],
    ['has another root', (etag) => `<Delete><Part>${part(etag)}</Part></Delete>`, 'MalformedXML'],
    ['names no part', () => list(), 'MalformedXML'],
    ['names a part without ETag', () => list('<PartNumber>1</PartNumber>'), 'MalformedXML'],
    ['names a part of another number', (etag) => list(part(etag).replace('1<', '2<')), 'InvalidPart'],
    ['names a part without a number', (etag) => list(part(etag).replace('1<', 'one<')), 'InvalidArgument'],
    ['names another ETag', () => list(part('0'.repeat(32))), 'InvalidPart'],
    ['names a part twice', (etag) => list(part(etag), part(etag)), 'InvalidPartOrder'],
    ['has a wrong checksum', (etag) => list(part(etag, '<ChecksumCRC32>AAAAAA==</ChecksumCRC32>')), 'BadDigest'],
  ])('that %s is refused, and the parts are kept', async (_, body, code) => {
    const { id, etag } = await uploaded();
    expect(await complete(id, body(etag))).toMatchObject({ status: 400, code });
    const right = list(part(etag, `<ChecksumCRC32>${CRC32_OF_X}</ChecksumCRC32>`));
    expect(await complete(id, right)).toMatchObject({ status: 200 });
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'the checksum of the object',
      { 'x-amz-checksum-crc32': CRC32_OF_X, 'x-amz-checksum-type': 'FULL_OBJECT' },
      { 'x-amz-checksum-crc32': 'AAAAAA==' },
    ],
    ['the composite checksum', { 'x-amz-checksum-crc32': 'anF9hg==-1' }, { 'x-amz-checksum-crc32': 'anF9hg==-2' }],
    ['the size of the object', { 'x-amz-mp-object-size': '1' }, { 'x-amz-mp-object-size': '2' }],
  ])('is checked for %s', async (_, right, wrong) => {
    const { id, etag } = await uploaded();
    expect(await complete(id, list(part(etag)), wrong)).toMatchObject({ status: 400 });
    expect(await complete(id, list(part(etag)), right)).toMatchObject({ status: 200 });
  });

  it('works only for the object of the upload', async () => {
    const { id, etag } = await uploaded();
    const call = (method: string, query: string, body = '') =>
      callS3(emulators.endpoints.s3, method, `/${Bucket}/other?${query}uploadId=${id}`, { body });
    const gone = { status: 404, code: 'NoSuchUpload' };
    expect(await call('POST', '', list(part(etag)))).toMatchObject(gone);
    expect(await call('PUT', 'partNumber=1&', 'y')).toMatchObject(gone);
    expect(await call('DELETE', '')).toMatchObject(gone);
    expect(await complete(id, list(part(etag)))).toMatchObject({ status: 200 });
  });

  it.each(['0', '10001', '1.5', 'x', ''])('cannot contain part %j', async (number) => {
    const { id } = await uploaded();
    const refused = await s3('PUT', `partNumber=${number}&uploadId=${id}`, { body: 'x' });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it('cannot contain a part with a wrong checksum', async () => {
    const { id } = await uploaded({ 'x-amz-checksum-crc32': 'AAAAAA==' });
    expect((await s3('GET', `uploadId=${id}`)).text).not.toContain('<Part>');
  });
});
