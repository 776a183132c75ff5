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

/** A signed length is an exact length: S3 refuses any other. */
const signed = (at: number) => ({
  expiresIn: UPLOAD_LINK_SECONDS,
  signingDate: new Date(at),
  signableHeaders: new Set(['content-length']),
});

/** Files in the uploads bucket that their owners put there by presigned URLs. Takes a client made for that. */
export class S3PresignedUploads implements PresignedUploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(presigningClient: S3Client, bucket: string) {
    this.#client = presigningClient;
    this.#bucket = bucket;
  }

  linkTo(key: string, bytes: number, at: number): Promise<string> {
    const put = new PutObjectCommand({ Bucket: this.#bucket, Key: key, ContentLength: bytes });
    return getSignedUrl(this.#client, put, signed(at));
  }

  async begin(key: string): Promise<string> {
    const create = new CreateMultipartUploadCommand({ Bucket: this.#bucket, Key: key, ContentType: 'text/csv' });
    const { UploadId } = await this.#client.send(create);
    if (UploadId === undefined) throw new Error(`S3 gave the upload of ${key} no id`);
    return UploadId;
  }

  linkToPart(
    key: string,
    uploadId: string,
    { number, bytes }: Omit<UploadedPart, 'etag'>,
    at: number,
  ): Promise<string> {
    const part = { Bucket: this.#bucket, Key: key, UploadId: uploadId, PartNumber: number, ContentLength: bytes };
    return getSignedUrl(this.#client, new UploadPartCommand(part), signed(at));
  }

  /** One page holds all: there are no links to more than a thousand parts. */
  async listParts(key: string, uploadId: string): Promise<readonly UploadedPart[] | undefined> {
    const list = new ListPartsCommand({ Bucket: this.#bucket, Key: key, UploadId: uploadId });
    const listed = await unlessOver(this.#client.send(list));
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
    await unlessOver(this.#client.send(new CompleteMultipartUploadCommand(upload)));
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

/** Undefined for an upload that somebody has completed, or that was aborted. */
async function unlessOver<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NoSuchUpload || (error instanceof Error && error.name === 'NoSuchUpload')) return undefined;
    throw error;
  }
}
