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
  it('are listed by number with size and ETag, the latest of each, also after a restart', async () => {
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

  it('are no more once it is completed, and none of another object or upload', async () => {
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
