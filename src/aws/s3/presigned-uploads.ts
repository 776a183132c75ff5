import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  NoSuchUpload,
  NotFound,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { UPLOAD_LINK_SECONDS } from '../../contract/index.ts';
import type { PresignedUploads, UploadedPart } from '../../tasks/index.ts';

/** S3 refuses every length but the one that is signed. */
const toSigning = (at: number) => ({
  expiresIn: UPLOAD_LINK_SECONDS,
  signingDate: new Date(at),
  signableHeaders: new Set(['content-length']),
});

/** The presigned uploads, in the uploads bucket. The client must be one for them (`presigningS3Client`). */
export class S3PresignedUploads implements PresignedUploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(presigningClient: S3Client, bucket: string) {
    this.#client = presigningClient;
    this.#bucket = bucket;
  }

  linkTo(key: string, bytes: number, at: number): Promise<string> {
    const put = new PutObjectCommand({ Bucket: this.#bucket, Key: key, ContentLength: bytes });
    return getSignedUrl(this.#client, put, toSigning(at));
  }

  async begin(key: string): Promise<string> {
    const create = new CreateMultipartUploadCommand({ Bucket: this.#bucket, Key: key, ContentType: 'text/csv' });
    const { UploadId } = await this.#client.send(create);
    if (UploadId === undefined) throw new Error(`S3 returned no upload id for ${key}`);
    return UploadId;
  }

  linkToPart(
    key: string,
    uploadId: string,
    { number, bytes }: Omit<UploadedPart, 'etag'>,
    at: number,
  ): Promise<string> {
    const part = { Bucket: this.#bucket, Key: key, UploadId: uploadId, PartNumber: number, ContentLength: bytes };
    return getSignedUrl(this.#client, new UploadPartCommand(part), toSigning(at));
  }

  /** One page has all parts, because an upload has at most a thousand. */
  async listParts(key: string, uploadId: string): Promise<readonly UploadedPart[] | undefined> {
    const list = new ListPartsCommand({ Bucket: this.#bucket, Key: key, UploadId: uploadId });
    const listed = await unlessEnded(this.#client.send(list));
    return (
      listed &&
      (listed.Parts ?? []).map(({ PartNumber = 0, ETag = '', Size = 0 }) => ({
        number: PartNumber,
        etag: ETag,
        bytes: Size,
      }))
    );
  }

  async complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    const upload = { Bucket: this.#bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts } };
    await unlessEnded(this.#client.send(new CompleteMultipartUploadCommand(upload)));
  }

  async isStored(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }
}

/** Resolves to undefined if the upload has ended: it was completed or aborted. */
async function unlessEnded<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NoSuchUpload || (error instanceof Error && error.name === 'NoSuchUpload')) return undefined;
    throw error;
  }
}
