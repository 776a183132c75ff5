import { createHash, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect } from '@jest/globals';
import { UPLOADS_PREFIX } from '../../../src/contract/index.ts';
import type { Fact } from './fact.ts';
import { TestQueue } from './queue.ts';
import type { Stage } from './stage.ts';

/** The smallest part that S3 accepts, except for the last one. */
const PART_BYTES_LEAST = 5 * 1024 * 1024;

interface Told {
  readonly Event?: string;
  readonly Records?: readonly ObjectEvent[];
}

interface ObjectEvent {
  readonly eventName: string;
  readonly s3: {
    readonly bucket: { readonly name: string };
    readonly object: { readonly key: string; readonly size: number; readonly eTag: string };
  };
}

const unquoted = (etag: string | undefined): string | undefined => etag?.replaceAll('"', '');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export function s3Facts(fact: Fact, stage: Stage): void {
  const { s3 } = stage;
  const Bucket = stage.called('Bucket');
  const announced = new TestQueue(stage, 'ObjectEvents');
  const newKey = (): string => `${UPLOADS_PREFIX}${randomUUID()}.csv`;
  const put = (Key: string, Body = 'title\n') => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

  /** Receives and deletes events until the object of the key is among them. */
  async function eventsUntil(key: string): Promise<readonly ObjectEvent[]> {
    const parsed = (body: string | undefined): readonly ObjectEvent[] => (JSON.parse(body ?? '') as Told).Records ?? [];
    const isOfKey = ({ s3: { object } }: ObjectEvent): boolean => decoded(object.key) === key;
    const messages = await announced.takeUntil(`the event of ${key}`, (taken) =>
      taken.some(({ Body }) => parsed(Body).some(isOfKey)),
    );
    return messages.flatMap(({ Body }) => parsed(Body));
  }
  const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

  fact('a queue that receives events of new objects first gets a test event, which has no records', async () => {
    const isTest = (body: string | undefined): boolean => (JSON.parse(body ?? '') as Told).Event === 's3:TestEvent';
    const taken = await announced.takeUntil('the test event', (all) => all.some(({ Body }) => isTest(Body)));
    expect(JSON.parse(taken.find(({ Body }) => isTest(Body))?.Body ?? '')).not.toHaveProperty('Records');
  });

  fact('a new object is announced with its key form-encoded, its size, and its ETag without quotes', async () => {
    const key = `${UPLOADS_PREFIX}${randomUUID()}/a b+c%20&ü€😀=#?.csv`;
    const { ETag } = await put(key, 'title\nSchön\n');
    const [event, ...others] = await eventsUntil(key);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: Bucket }, object: { size: 13, eTag: unquoted(ETag) } },
    });
    expect(event?.s3.object.key).toMatch(
      /^uploads\/[\w-]+\/a\+b%2Bc%2520%26%C3%BC%E2%82%AC%F0%9F%98%80%3D%23%3F\.csv$/,
    );
  });

  fact('an upload in parts is announced once, when it is completed, with the size of the whole', async () => {
    const at = { Bucket, Key: newKey() };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'title\nTea\n' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const completed = await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
    expect(await eventsUntil(at.Key)).toMatchObject([
      {
        eventName: 'ObjectCreated:CompleteMultipartUpload',
        s3: { object: { key: at.Key, size: 10, eTag: unquoted(completed.ETag) } },
      },
    ]);
  });

  fact('only objects under the prefix are announced', async () => {
    const witness = newKey();
    await put(`elsewhere/${randomUUID()}.csv`);
    await put(witness);
    expect((await eventsUntil(witness)).map((event) => event.s3.object.key)).toEqual([witness]);
  });

  fact(
    'a range is read only of the version that If-Match names: of a replaced object the response is 412',
    async () => {
      const Key = newKey();
      const { ETag: first } = await put(Key, '0123456789');
      const read = (IfMatch: string | undefined) =>
        s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=2-4', IfMatch }));
      const { Body } = await read(first);
      expect(await Body?.transformToString()).toBe('234');
      await put(Key, 'replaced!!');
      await expect(read(first)).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    },
  );

  fact('an object that does not exist is reported as such, as NoSuchKey to a GET and as 404 to a HEAD', async () => {
    const Key = newKey();
    await expect(s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-9', IfMatch: '"none"' }))).rejects.toThrow(
      NoSuchKey,
    );
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toThrow(NotFound);
  });

  fact('an object exists as soon as its upload has a response, for GET, HEAD and listings', async () => {
    const Key = newKey();
    await put(Key, 'new');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('new');
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: 3 });
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
    expect(Contents).toMatchObject([{ Key, Size: 3, ETag: `"${md5('new')}"` }]);
  });

  fact('a listing is in the order of the keys bytes, page by page after the key that StartAfter names', async () => {
    const Prefix = `${UPLOADS_PREFIX}${randomUUID()}/`;
    const names = ['B', 'a', 'a b', 'b', 'z', 'é', '😀'];
    for (const name of names.toReversed()) await put(Prefix + name);
    const listed: string[] = [];
    for (let isTruncated = true; isTruncated;) {
      const list = new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 3, StartAfter: listed.at(-1) });
      const { Contents = [], IsTruncated = false } = await s3.send(list);
      expect(Contents.length).toBeLessThanOrEqual(3);
      listed.push(...Contents.map(({ Key = '' }) => Key));
      isTruncated = IsTruncated;
    }
    expect(listed).toEqual(names.map((name) => Prefix + name));
  });

  fact('the same bytes in one PUT have the same ETag, other bytes have another', async () => {
    const etags = [];
    for (const bytes of ['title\n', 'title\n', 'titel\n']) etags.push((await put(newKey(), bytes)).ETag);
    expect(etags).toEqual([`"${md5('title\n')}"`, `"${md5('title\n')}"`, `"${md5('titel\n')}"`]);
  });

  fact('the parts that have arrived are listed with size and ETag until the upload is over', async () => {
    const at = { Bucket, Key: newKey() };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const list = () => s3.send(new ListPartsCommand({ ...at, UploadId }));
    const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 2, Body: 'title\nTea\n' }));
    expect((await list()).Parts).toMatchObject([{ PartNumber: 2, Size: 10, ETag }]);
    const MultipartUpload = { Parts: [{ PartNumber: 2, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
    await expect(list()).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  fact('a presigned URL accepts exactly the length that was signed, in one PUT and in a part', async () => {
    const at = { Bucket, Key: newKey(), ContentLength: 3 };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: at.Key }));
    const parameters = { signableHeaders: new Set(['content-length']) };
    for (const url of [
      await getSignedUrl(s3, new PutObjectCommand(at), parameters),
      await getSignedUrl(s3, new UploadPartCommand({ ...at, UploadId, PartNumber: 1 }), parameters),
    ]) {
      const statusOf = async (body: string): Promise<number> => (await fetch(url, { method: 'PUT', body })).status;
      expect([await statusOf('12'), await statusOf('1234'), await statusOf('123')]).toEqual([403, 403, 200]);
    }
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: at.Key, UploadId }));
  });

  fact('an upload in parts completes with the checksums that its beginning announced and its parts carry', async () => {
    const at = { Bucket, Key: newKey() };
    // The client of the functions, which sends a checksum with all content, announced or not.
    const client = stage.functionsS3;
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'CRC32' }));
    const texts = ['a'.repeat(PART_BYTES_LEAST), 'the rest'];
    const Parts: CompletedPart[] = [];
    for (const [index, text] of texts.entries()) {
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(text));
      const part = { PartNumber: index + 1, ChecksumCRC32: checksum.toString('base64') };
      const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, ...part, Body: text }));
      Parts.push({ ...part, ETag });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
    const { Body } = await client.send(new GetObjectCommand(at));
    expect(await Body?.transformToString()).toBe(texts.join(''));
  });

  fact('a presigned URL is refused with x-amz headers that were not signed, and works without them', async () => {
    const Key = newKey();
    await put(Key, 'title\n');
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }));
    const statusOf = async (headers: Record<string, string>): Promise<number> => (await fetch(url, { headers })).status;
    // The headers that a client sends again when it follows a redirect of a signed request.
    expect(await statusOf({ 'x-amz-date': '20260131T080000Z', 'x-amz-security-token': 'token' })).toBe(403);
    expect(await statusOf({})).toBe(200);
  });
}
