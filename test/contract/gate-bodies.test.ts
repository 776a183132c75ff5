import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { callS3, type S3Response, type S3Call } from './s3-call.ts';

const TEXT = 'title\nfirst\n';
const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNATURE = `;chunk-signature=${'a'.repeat(64)}`;
const BROKEN = 'IncompleteBody';
const CRC32 = Buffer.from(crc32(TEXT).toString(16).padStart(8, '0'), 'hex').toString('base64');

let emulators: Emulators;
let s3: (method: string, path: string, call?: S3Call) => Promise<S3Response>;
beforeAll(async () => {
  emulators = await startEmulators();
  s3 = (...call) => callS3(emulators.endpoints.s3, ...call);
  await s3('PUT', '/bucket');
});
afterAll(() => emulators.stop());

const put = (headers: Record<string, string>, body: string | Buffer = TEXT) =>
  s3('PUT', '/bucket/key', { headers, body });
const stored = async (path = '/bucket/key'): Promise<string> => (await s3('GET', path)).text;

/** Frames a text as a client does: pieces of these sizes, and an empty one at the end. */
function framed(text: string, size: number, { signature = '', trailer = '' } = {}): string {
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  const frames = pieces.map((piece) => `${piece.length.toString(16)}${signature}\r\n${piece}\r\n`);
  return `${frames.join('')}0${signature}\r\n${trailer}\r\n`;
}

const hashed = (algorithm: string): string => createHash(algorithm).update(TEXT).digest('base64');

describe('a body in frames', () => {
  it.each([
    ['signed chunk by chunk, without a content encoding, as minio-go and restic send it', {}],
    ['with the content encoding', { 'content-encoding': 'aws-chunked' }],
    ['with its decoded length', { 'x-amz-decoded-content-length': String(TEXT.length) }],
  ])('%s is stored without frames', async (_, headers) => {
    const body = framed(TEXT, 5, { signature: SIGNATURE });
    expect((await put({ 'x-amz-content-sha256': SIGNED, ...headers }, body)).status).toBe(200);
    expect(await stored()).toBe(TEXT);
    expect((await s3('HEAD', '/bucket/key')).headers).not.toHaveProperty('content-encoding');
  });

  it('keeps a content encoding other than that of the frames', async () => {
    const headers = { 'x-amz-content-sha256': SIGNED, 'content-encoding': 'aws-chunked,gzip' };
    await put(headers, framed(TEXT, 5));
    expect((await s3('HEAD', '/bucket/key')).headers).toMatchObject({ 'content-encoding': 'gzip' });
  });

  it('is stored without frames as a part of an upload too', async () => {
    const begun = await s3('POST', '/bucket/parts?uploads');
    const id = /<UploadId>(.+)<\/UploadId>/.exec(begun.text)?.[1];
    const headers = { 'x-amz-content-sha256': SIGNED };
    const part = await s3('PUT', `/bucket/parts?partNumber=1&uploadId=${id}`, { headers, body: framed(TEXT, 7) });
    const list = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`;
    await s3('POST', `/bucket/parts?uploadId=${id}`, { body: list });
    expect(await stored('/bucket/parts')).toBe(TEXT);
  });

  it('may be empty', async () => {
    expect((await put({ 'x-amz-content-sha256': SIGNED }, framed('', 5))).status).toBe(200);
    expect(await stored()).toBe('');
  });

  it.each(['\r\n', '\n'])('may end with a checksum in a line that ends with %j', async (lineEnd) => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-trailer': 'x-amz-checksum-sha1',
    };
    const ending = (value: string) => framed(TEXT, 5, { trailer: `x-amz-checksum-sha1:${value}${lineEnd}` });
    expect((await put(headers, ending(hashed('sha1')))).status).toBe(200);
    expect(await stored()).toBe(TEXT);
    expect(await put(headers, ending('AAAAAAAAAAAAAAAAAAAAAAAAAAA='))).toMatchObject({
      status: 400,
      code: 'BadDigest',
    });
    expect(await put(headers, framed(TEXT, 5))).toMatchObject({ status: 400, code: 'MalformedTrailerError' });
  });

  it.each([
    ['cut off in the middle', framed(TEXT, 5).slice(0, 20)],
    ['without the last one', framed(TEXT, 5).replace(/0\r\n\r\n$/, '')],
    ['of another length', framed(TEXT, 5).replace('5\r\n', '4\r\n')],
    ['without a length', `x\r\n${TEXT}\r\n0\r\n\r\n`],
    ['missing altogether', TEXT],
    ['of a negative length', `-1\r\n${TEXT}\r\n0\r\n\r\n`],
    ['of an empty body', ''],
  ])('with frames %s is refused and not stored', async (_, body) => {
    await put({}, 'before');
    expect(await put({ 'x-amz-content-sha256': SIGNED }, body)).toMatchObject({ status: 400, code: BROKEN });
    expect(await stored()).toBe('before');
  });

  it('is refused if its length differs from the announced one', async () => {
    const headers = { 'x-amz-content-sha256': SIGNED, 'x-amz-decoded-content-length': '7' };
    expect(await put(headers, framed(TEXT, 5))).toMatchObject({ status: 400, code: BROKEN });
  });

  it('is refused if the headers contradict each other about frames', async () => {
    const unclear = await put({ 'content-encoding': 'aws-chunked' }, framed(TEXT, 5));
    expect(unclear).toMatchObject({ status: 400, code: 'InvalidRequest' });
  });
});

describe('a body without frames', () => {
  it('is stored unchanged even if it looks framed', async () => {
    await put({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, framed(TEXT, 5));
    expect(await stored()).toBe(framed(TEXT, 5));
  });

  it.each([{}, { 'content-type': 'text/csv' }, { 'content-type': 'csv' }, { 'content-length': '0' }])(
    'is stored if it is empty, with the headers %j',
    async (headers) => {
      expect((await s3('PUT', '/bucket/folder/', { headers })).status).toBe(200);
      expect(await s3('GET', '/bucket/folder/')).toMatchObject({ status: 200, text: '' });
    },
  );
});

describe('a digest', () => {
  // The literal values come from xxhsum and from a division by the polynomials.
  it.each([
    ['content-md5', hashed('md5')],
    ['x-amz-content-sha256', createHash('sha256').update(TEXT).digest('hex')],
    ['x-amz-checksum-md5', hashed('md5')],
    ['x-amz-checksum-sha1', hashed('sha1')],
    ['x-amz-checksum-sha256', hashed('sha256')],
    ['x-amz-checksum-sha512', hashed('sha512')],
    ['x-amz-checksum-crc32', CRC32],
    ['x-amz-checksum-crc32c', 'XJNyig=='],
    ['x-amz-checksum-crc64nvme', 'oo1SUia31vk='],
    ['x-amz-checksum-xxhash64', 'YK20WKGq4zM='],
    ['x-amz-checksum-xxhash3', 'VwNSICrYKk8='],
    ['x-amz-checksum-xxhash128', 'n3q9Wj6Xf/k+oe37B2BQBQ=='],
  ])('%s accepts matching bytes and refuses others', async (header, value) => {
    expect(await put({ [header]: value })).toMatchObject({ status: 200 });
    const refused = await put({ [header]: value }, 'title\nother\n');
    const code = header === 'x-amz-content-sha256' ? 'XAmzContentSHA256Mismatch' : 'BadDigest';
    expect(refused).toMatchObject({ status: 400, code });
    expect(await stored()).toBe(TEXT);
  });

  it.each([
    ['is not base64', { 'content-md5': 'ä' }, 'InvalidDigest'],
    ['is too short', { 'content-md5': 'AAAA' }, 'InvalidDigest'],
    ['is empty', { 'x-amz-checksum-sha1': '' }, 'InvalidRequest'],
    ['is of another length', { 'x-amz-checksum-sha1': 'AAAA' }, 'InvalidRequest'],
    ['is in hex', { 'x-amz-checksum-crc32': '00000000' }, 'InvalidRequest'],
    ['is none', { 'x-amz-content-sha256': 'UNSIGNED' }, 'InvalidArgument'],
    ['is one of two', { 'x-amz-checksum-crc32': CRC32, 'x-amz-checksum-sha1': hashed('sha1') }, 'InvalidRequest'],
    ['is announced and missing', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'InvalidRequest'],
  ])('that %s is refused', async (_, headers, code) => {
    expect(await put(headers as Record<string, string>)).toMatchObject({ status: 400, code });
  });

  it('that the local S3 cannot verify is refused by name', async () => {
    const refused = await put({ 'x-amz-checksum-crc99': 'AAAA' });
    expect(refused).toMatchObject({ status: 501, code: 'NotImplemented', text: expect.stringContaining('crc99') });
  });

  it('is verified for a list of keys to delete too', async () => {
    const body = '<Delete><Object><Key>key</Key></Object></Delete>';
    const headers = { 'content-md5': hashed('md5') };
    expect(await s3('POST', '/bucket?delete', { headers, body })).toMatchObject({ status: 400, code: 'BadDigest' });
    expect(await stored()).toBe(TEXT);
  });
});
