import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  DynamoSweepPosition,
  S3Listing,
  presigningS3Client,
  s3Client,
  S3Manifests,
  S3PresignedUploads,
  S3Reports,
  S3Sources,
  S3Uploads,
} from '../../src/aws/index.ts';
import { listingContract } from '../kit/contracts/listing.contract.ts';
import { presignedUploadsContract } from '../kit/contracts/presigned-uploads.contract.ts';
import { reportsContract } from '../kit/contracts/reports.contract.ts';
import { sourcesContract } from '../kit/contracts/sources.contract.ts';
import { uploadsContract } from '../kit/contracts/uploads.contract.ts';
import { Services } from './ports-services.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The checksum as Python's `binascii.crc32` computes it. */
const CRC32_OF_TEXT = 'O4unxw==';

let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

/** S3 puts quotes around an ETag; its events do not. */
const unquote = (etag: string | undefined): string => String(etag).replaceAll('"', '');

sourcesContract('S3Sources', async () => {
  const Bucket = await services.createBucket();
  return {
    sources: new S3Sources(services.s3, Bucket),
    async put(Key, bytes) {
      const { ETag } = await services.s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
      return { key: Key, etag: unquote(ETag), bytes: bytes.length };
    },
    async remove(Key) {
      await services.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    // The first range is short, and the second ends 8 MiB after it.
    borders: [256 * KIB, 256 * KIB + 8 * MIB],
    pieceBytesMax: 8 * MIB,
  };
});

listingContract('S3Listing', async () => {
  const [Bucket, table] = [await services.createBucket(), await services.createTaskFilesTable()];
  return {
    listing: () => new S3Listing(services.s3, Bucket, new DynamoSweepPosition(services.dynamo, table)),
    async put(Key, bytes) {
      const { ETag } = await services.s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
      return { bucket: Bucket, key: Key, etag: unquote(ETag), bytes: bytes.length };
    },
    async remove(Key) {
      await services.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    objectsPerPage: 1_000,
  };
});

uploadsContract('S3Uploads', async () => {
  const Bucket = await services.createBucket();
  return {
    uploads: new S3Uploads(services.s3, Bucket),
    async read(Key) {
      try {
        const { Body, ETag } = await services.s3.send(new GetObjectCommand({ Bucket, Key }));
        return Body && { bytes: await Body.transformToByteArray(), etag: unquote(ETag) };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
});

presignedUploadsContract('S3PresignedUploads', async () => {
  const Bucket = await services.createBucket();
  return {
    presigned: new S3PresignedUploads(presigningS3Client(), Bucket),
    put: async (url, body) => (await fetch(url, { method: 'PUT', body })).ok,
    async read(Key) {
      const { Body } = await services.s3.send(new GetObjectCommand({ Bucket, Key }));
      return Body?.transformToByteArray();
    },
  };
});

reportsContract('S3Reports', async () => {
  const Bucket = await services.createBucket();
  return {
    reports: new S3Reports(services.s3, Bucket),
    async read(Key) {
      try {
        const { Body } = await services.s3.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    partMinBytes: 5 * MIB,
  };
});

it('a presigned URL of a report needs no credentials, and returns a file with the name of the report', async () => {
  const reports = new S3Reports(services.s3, await services.createBucket());
  const form = { contentType: 'text/csv; charset=utf-8', fileName: 'für (a) "b".csv' };
  await reports.put('reports/x.csv', Buffer.from('text'), form);
  const { url, bytes } = (await reports.linkTo('reports/x.csv', Date.now()))!;
  expect(bytes).toBe(4);
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('300');
  const response = await fetch(url);
  expect(await response.text()).toBe('text');
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="f_r _a_ _b_.csv"; filename*=UTF-8''f%C3%BCr%20%28a%29%20%22b%22.csv`,
  );
});

it('a report is completed from parts with the kind of checksum that its beginning announced', async () => {
  const client = s3Client();
  const sent: Record<string, { readonly headers: Readonly<Record<string, string>>; readonly body: string }> = {};
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { headers, body } = args.request as { headers: Record<string, string>; body: unknown };
        sent[commandName.replace('Command', '')] = { headers, body: String(body) };
        return next(args);
      },
    { step: 'finalizeRequest', name: 'sent' },
  );
  const reports = new S3Reports(client, await services.createBucket());
  const uploadId = await reports.begin('reports/x.csv', { contentType: 'text/csv', fileName: 'x.csv' });
  const part = { ...(await reports.putPart('reports/x.csv', uploadId, 1, Buffer.from('text'))), bytes: 4, sha256: '' };
  await reports.complete('reports/x.csv', uploadId, [part]);
  client.destroy();

  const { CreateMultipartUpload: begun, UploadPart: put, CompleteMultipartUpload: completed } = sent;
  const carried = Object.entries(put!.headers).filter(([name]) => name.startsWith('x-amz-checksum-'));
  expect(carried).toEqual([['x-amz-checksum-crc32', CRC32_OF_TEXT]]);
  expect(begun!.headers['x-amz-checksum-algorithm']).toBe('CRC32');
  expect(completed!.body).toContain(`<ChecksumCRC32>${CRC32_OF_TEXT}</ChecksumCRC32>`);
});

it('a report that is not stored has no presigned URL', async () => {
  const reports = new S3Reports(services.s3, await services.createBucket());
  expect(await reports.linkTo('reports/x.csv', Date.now())).toBeUndefined();
});

it('a manifest is stored as a version that a fan-out can pin', async () => {
  const Bucket = await services.createBucket();
  const bytes = Buffer.from('[0,2,"a"]\n');
  const source = await new S3Manifests(services.s3, Bucket).store('default/job/1/digest.jsonl', bytes);
  expect(source).toEqual({ key: 'redrives/default/job/1/digest.jsonl', etag: expect.any(String), bytes: bytes.length });
  const pieces = await Array.fromAsync(new S3Sources(services.s3, Bucket).open(source, 0));
  expect(Buffer.concat(pieces)).toEqual(bytes);
});
