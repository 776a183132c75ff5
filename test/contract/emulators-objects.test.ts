import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

const Bucket = 'bucket';
const Key = 'uploads/file one.csv';
const OLD = 'old bytes';
const NEW = 'newer bytes than those';
const PART_BYTES = 5 * 1024 * 1024;

describe('objects on disk', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'emulators-objects-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  /** Runs the emulators on the folder for the time of `use`, as a process of its own would. */
  async function running<T>(use: (s3: TestClients['s3'], endpoint: string) => Promise<T>): Promise<T> {
    const emulators = await startEmulators({ dataDir });
    const clients = clientsOf(emulators);
    try {
      return await use(clients.s3, emulators.endpoints.s3);
    } finally {
      clients.close();
      await emulators.stop();
    }
  }
  const put = (s3: TestClients['s3'], Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  async function get(s3: TestClients['s3'], Range?: string) {
    const { Body, ETag, ContentRange } = await s3.send(new GetObjectCommand({ Bucket, Key, Range }));
    return { text: await Body?.transformToString(), ETag, ContentRange };
  }

  const objects = (): string => join(dataDir, 'aws', 'objects');
  const inBucket = (folder: string, ending: string): string =>
    join(folder, Bucket, 'objects', `uploads/file one.csv.${ending}`);

  /**
   * Leaves the files as a process leaves them that was killed while it replaced the object, after it had moved these
   * files.
   */
  async function killedWhileReplacing(
    moved: readonly string[],
  ): Promise<{ readonly oldTag: string; readonly newTag: string }> {
    const saved = join(dataDir, 'saved');
    const tags = await running(async (s3) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      const { ETag: oldTag = '' } = await put(s3, OLD);
      await cp(join(objects(), 'buckets'), saved, { recursive: true });
      const { ETag: newTag = '' } = await put(s3, NEW);
      return { oldTag, newTag };
    });
    await mkdir(join(objects(), '_aside', Bucket, 'objects', 'uploads'), { recursive: true });
    for (const ending of ['data', 'meta.json'].filter((one) => !moved.includes(one))) {
      await cp(inBucket(join(objects(), 'buckets'), ending), inBucket(join(objects(), '_aside'), ending));
      await cp(inBucket(saved, ending), inBucket(join(objects(), 'buckets'), ending));
    }
    return tags;
  }

  it('are the old ones if the process was killed before it moved the new one', async () => {
    const { oldTag } = await killedWhileReplacing([]);
    await writeFile(inBucket(join(objects(), '_aside'), 'meta.json'), '{"key":"upl');
    expect(await running((s3) => get(s3))).toMatchObject({ text: OLD, ETag: oldTag });
  });

  it('are the new ones if the process was killed between bytes and description', async () => {
    const { newTag } = await killedWhileReplacing(['data']);
    expect(await running((s3) => get(s3))).toMatchObject({ text: NEW, ETag: newTag });
    expect(await running((s3) => get(s3))).toMatchObject({ text: NEW, ETag: newTag });
  });

  it('stay unchanged if the new object cannot be written', async () => {
    await running(async (s3, endpoint) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      const { ETag } = await put(s3, OLD);
      // A file in the place of the folder stands for a full disk.
      await writeFile(join(objects(), '_aside'), '');
      const url = `${endpoint}/${Bucket}/${encodeURIComponent(Key)}`;
      expect((await fetch(url, { method: 'PUT', body: NEW })).status).toBe(500);
      expect(await get(s3)).toMatchObject({ text: OLD, ETag });
      expect(await readFile(inBucket(join(objects(), 'buckets'), 'data'), 'utf8')).toBe(OLD);
      await put(s3, NEW);
      expect(await get(s3)).toMatchObject({ text: NEW });
    });
  });

  it('are returned whole and by ranges', async () => {
    await running(async (s3) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      await put(s3, '0123456789');
      expect(await get(s3)).toMatchObject({ text: '0123456789' });
      expect(await get(s3, 'bytes=0-3')).toMatchObject({ text: '0123', ContentRange: 'bytes 0-3/10' });
      expect(await get(s3, 'bytes=7-')).toMatchObject({ text: '789', ContentRange: 'bytes 7-9/10' });
      expect(await get(s3, 'bytes=-2')).toMatchObject({ text: '89', ContentRange: 'bytes 8-9/10' });
      expect(await get(s3, 'bytes=8-100')).toMatchObject({ text: '89', ContentRange: 'bytes 8-9/10' });
      await expect(get(s3, 'bytes=10-12')).rejects.toThrow(expect.objectContaining({ name: 'InvalidRange' }));
      await put(s3, Buffer.alloc(0));
      expect(await get(s3)).toMatchObject({ text: '' });
    });
  });

  it('have one file for each key, whatever the key is, inside the folder', async () => {
    const keys = [
      'a',
      'A',
      'a.data/b',
      'a.meta.json/b',
      'a/',
      'a//b',
      'a/b',
      'a/../b',
      '../../../../b',
      '..',
      '.',
      `${'n'.repeat(255)}.csv`,
      `${'?'.repeat(200)}.csv`,
      'x/'.repeat(510),
      'ü',
      'u\u0308',
      '~',
      '%',
      'con\u0001trol',
      ' ',
    ];
    const read = async (s3: TestClients['s3']): Promise<readonly (string | undefined)[]> => {
      const texts: (string | undefined)[] = [];
      for (const key of keys) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
        texts.push(await Body?.transformToString());
      }
      return texts;
    };
    await running(async (s3) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      for (const key of keys) await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: `of ${key}` }));
    });
    await running(async (s3) => {
      expect(await read(s3)).toEqual(keys.map((key) => `of ${key}`));
      for (const key of keys) await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    });
    expect(await readdir(join(objects(), 'buckets', Bucket, 'objects'), { recursive: true })).toEqual([]);
  });

  it('are found at the path that an earlier version used', async () => {
    const key = 'uploads/Old File.csv';
    const { ETag } = await running(async (s3) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      return await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: OLD }));
    });
    const folder = join(objects(), 'buckets', Bucket, 'objects', 'uploads');
    const [now = ''] = (await readdir(folder)).map((name) => name.split('.')[0] ?? '');
    for (const ending of ['data', 'meta.json']) {
      await rename(join(folder, `${now}.${ending}`), join(folder, `Old File.csv.${ending}`));
    }
    // As if a process had been killed between the two moves.
    await rename(join(folder, 'Old File.csv.data'), join(folder, `${now}.data`));
    await running(async (s3) => {
      const found = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      expect([await found.Body?.transformToString(), found.ETag]).toEqual([OLD, ETag]);
    });
    expect(await readdir(folder)).toEqual([`${now}.data`, `${now}.meta.json`]);
  });

  it('are assembled from parts that another process received', async () => {
    const UploadId = await running(async (s3) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      const { UploadId: id } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      await s3.send(
        new UploadPartCommand({ Bucket, Key, UploadId: id, PartNumber: 1, Body: Buffer.alloc(PART_BYTES, 'a') }),
      );
      return id;
    });
    await running(async (s3) => {
      await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: Buffer.from('the end') }));
      const { Parts = [] } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
      expect(Parts.map(({ Size }) => Size)).toEqual([PART_BYTES, 7]);
      const whole = { Parts: Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) };
      await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: whole }));
      const contentRange = `bytes ${PART_BYTES - 2}-${PART_BYTES + 2}/${PART_BYTES + 7}`;
      expect(await get(s3, `bytes=${PART_BYTES - 2}-${PART_BYTES + 2}`)).toMatchObject({
        text: 'aathe',
        ContentRange: contentRange,
      });
    });
  });
});
