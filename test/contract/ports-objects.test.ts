import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from '@jest/globals';
import { DynamoSweepPlace, S3Listing, S3Sources, S3Uploads } from '../../src/aws/index.ts';
import { listingContract } from '../kit/listing.contract.ts';
import { sourcesContract } from '../kit/sources.contract.ts';
import { uploadsContract } from '../kit/uploads.contract.ts';
import { Services } from './ports-services.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

/** S3 puts quotes around an ETag; its events do not. */
const unquoted = (etag: string | undefined): string => String(etag).replaceAll('"', '');

sourcesContract('S3Sources', async () => {
  const Bucket = await services.createBucket();
  return {
    sources: new S3Sources(services.s3, Bucket),
    async put(Key, bytes) {
      const { ETag } = await services.s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
      return { key: Key, etag: unquoted(ETag), bytes: bytes.length };
    },
    async remove(Key) {
      await services.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    // The first range is short; the second ends 8 MiB after it.
    borders: [256 * KIB, 256 * KIB + 8 * MIB],
    pieceBytesMax: 8 * MIB,
  };
});

listingContract('S3Listing', async () => {
  const [Bucket, table] = [await services.createBucket(), await services.createTaskFilesTable()];
  return {
    listing: () => new S3Listing(services.s3, Bucket, new DynamoSweepPlace(services.dynamo, table)),
    async put(Key, bytes) {
      const { ETag } = await services.s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
      return { bucket: Bucket, key: Key, etag: unquoted(ETag), bytes: bytes.length };
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
        return Body && { bytes: await Body.transformToByteArray(), etag: unquoted(ETag) };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
});
