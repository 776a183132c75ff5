import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  type ListObjectsV2CommandInput,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';
import { callS3, type S3Response, type S3Call } from './s3-call.ts';

const Bucket = 'bucket';
/** Keys that XML, URLs or file systems may confuse with others. */
const KEYS = [
  'Case',
  'a&lt;b',
  'a+b c.csv',
  'case',
  'case.data/one',
  'dir//double',
  'dir/../up',
  'dir/./here',
  'dir/one',
  'e&#34;"<>\'',
  'line\r\nend\ttab',
  `long ${'x'.repeat(300)}`,
  'per%20cent%',
  'tail ',
  'u\u0308',
  '\u00fc',
  '😀',
].toSorted();

let dataDir: string;
let emulators: Emulators;
let clients: TestClients;
let s3: (method: string, path: string, call?: S3Call) => Promise<S3Response>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gate-listing-'));
  emulators = await startEmulators({ dataDir });
  clients = clientsOf(emulators);
  s3 = (...call) => callS3(emulators.endpoints.s3, ...call);
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of KEYS) await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(async () => {
  clients.close();
  await emulators.stop();
  await rm(dataDir, { recursive: true });
});

/** Reads all pages. */
async function pages(input: Partial<ListObjectsV2CommandInput>) {
  const found = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await clients.s3.send(new ListObjectsV2Command({ Bucket, ...input, ContinuationToken }));
    found.push(page);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

describe('a listing', () => {
  it('contains every key unchanged', async () => {
    const [page] = await pages({});
    expect(page?.Contents?.map(({ Key }) => Key)).toEqual(KEYS);
    expect(page).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false });
  });

  it('contains encoded keys if the client requests that', async () => {
    const [page] = await pages({ EncodingType: 'url' });
    expect(page?.EncodingType).toBe('url');
    expect(page?.Contents?.map(({ Key = '' }) => decodeURIComponent(Key))).toEqual(KEYS);
    expect(page?.Contents?.every(({ Key = '' }) => /^[\w%./~!*'()-]+$/.test(Key))).toBe(true);
  });

  it.each([1, 2, 3, 7])('in pages of %i contains each key or folder once', async (MaxKeys) => {
    const found = await pages({ MaxKeys, Delimiter: '/' });
    const names = found.flatMap(({ Contents = [], CommonPrefixes = [] }) => [
      ...Contents.map(({ Key = '' }) => Key),
      ...CommonPrefixes.map(({ Prefix = '' }) => Prefix),
    ]);
    const expected = new Set(KEYS.map((key) => key.replace(/\/.*$/s, '/')));
    expect(names.toSorted()).toEqual([...expected].toSorted());
    expect(found.every(({ KeyCount = 0 }) => KeyCount <= MaxKeys)).toBe(true);
  });

  it('of the first version contains the same', async () => {
    const one = await clients.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 4 }));
    expect(one.NextMarker).toBeDefined();
    const rest = await clients.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: one.NextMarker }));
    const names = [one, rest].flatMap(({ Contents = [] }) => Contents.map(({ Key }) => Key));
    expect(names).toEqual(KEYS.filter((key) => !key.includes('/')));
  });

  it('of at most no keys is empty and not truncated', async () => {
    expect(await pages({ MaxKeys: 0 })).toMatchObject([{ KeyCount: 0, IsTruncated: false }]);
  });

  it.each(['max-keys=x', 'max-keys=-1', 'encoding-type=xml', 'list-type=2&continuation-token=%25'])(
    'with %s is refused',
    async (query) => {
      expect(await s3('GET', `/${Bucket}?${query}`)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    },
  );
});

describe('a list of keys to delete', () => {
  it('deletes exactly these keys', async () => {
    const Objects = KEYS.map((Key) => ({ Key }));
    const { Deleted } = await clients.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(KEYS);
    expect(await pages({})).toMatchObject([{ KeyCount: 0 }]);
  });

  it.each([
    ['with prefixes', '<s3:Delete xmlns:s3="x"><s3:Object><s3:Key>a&lt;b</s3:Key></s3:Object></s3:Delete>'],
    ['with numbers', '<Delete><Object><Key>a&#60;&#x62;</Key></Object></Delete>'],
    ['with CDATA and a comment', '<Delete><!-- <Key>x</Key> --><Object><Key><![CDATA[a<b]]></Key></Object></Delete>'],
    ['quietly', '\uFEFF<?xml version="1.0"?>\n<Delete><Quiet>true</Quiet><Object><Key>a&lt;b</Key></Object></Delete>'],
  ])('may be written %s', async (_, body) => {
    for (const Key of ['a<b', 'a&lt;b', 'x']) await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: '1' }));
    const response = await s3('POST', `/${Bucket}?delete`, { body });
    expect(response.status).toBe(200);
    expect(response.text.includes('Deleted')).toBe(!body.includes('Quiet'));
    expect((await pages({}))[0]?.Contents?.map(({ Key }) => Key)).toEqual(['a&lt;b', 'x']);
  });

  it.each([
    ['is not XML', 'key'],
    ['is incomplete', '<Delete><Object><Key>x</Key>'],
    ['has another root', '<CompleteMultipartUpload><Key>x</Key></CompleteMultipartUpload>'],
    ['names nothing', '<Delete></Delete>'],
    ['names an object without a key', '<Delete><Object></Object></Delete>'],
    ['is nested too deep', '<Delete>'.repeat(50_000)],
    ['is empty', ''],
  ])('that %s is refused', async (_, body) => {
    const refused = await s3('POST', `/${Bucket}?delete`, { body });
    expect(refused).toMatchObject({ status: 400, code: 'MalformedXML' });
  });

  it('with versions is refused by name', async () => {
    const body = '<Delete><Object><Key>x</Key><VersionId>1</VersionId></Object></Delete>';
    expect(await s3('POST', `/${Bucket}?delete`, { body })).toMatchObject({ status: 501, code: 'NotImplemented' });
  });
});

describe('a client that asks before it writes', () => {
  it('learns the location of the bucket, that it keeps no versions, and the uploads in progress', async () => {
    expect((await s3('GET', `/${Bucket}?location`)).text).toMatch(/<LocationConstraint xmlns="[^"]+"><\/Loc/);
    expect((await s3('GET', `/${Bucket}?versioning`)).text).not.toContain('Status');
    expect((await s3('GET', `/${Bucket}?uploads`)).text).not.toContain('<Upload>');
    const begun = await Promise.all(['/up/b', '/up/a', '/other'].map((key) => s3('POST', `/${Bucket}${key}?uploads`)));
    const listed = (await s3('GET', `/${Bucket}?uploads&prefix=up/`)).text;
    expect(Array.from(listed.matchAll(/<Key>([^<]+)<\/Key>/g), ([, key]) => key)).toEqual(['up/a', 'up/b']);
    const ids = Array.from(listed.matchAll(/<UploadId>([^<]+)<\/UploadId>/g), ([, id]) => id);
    expect(begun.map(({ text }) => /<UploadId>(.+)<\/UploadId>/.exec(text)?.[1])).toEqual(expect.arrayContaining(ids));
  });

  it('learns that an object has no tags, or does not exist', async () => {
    await s3('PUT', `/${Bucket}/tagged`);
    expect((await s3('GET', `/${Bucket}/tagged?tagging`)).text).toContain('<TagSet></TagSet>');
    expect(await s3('GET', `/${Bucket}/missing?tagging`)).toMatchObject({ status: 404, code: 'NoSuchKey' });
    for (const method of ['PUT', 'DELETE']) {
      expect(await s3(method, `/${Bucket}/tagged?tagging`)).toMatchObject({ status: 501, code: 'NotImplemented' });
    }
  });

  it('learns that a bucket does not exist', async () => {
    for (const query of ['location', 'uploads', 'list-type=2', 'versioning']) {
      expect(await s3('GET', `/nowhere?${query}`)).toMatchObject({ status: 404, code: 'NoSuchBucket' });
    }
  });
});
