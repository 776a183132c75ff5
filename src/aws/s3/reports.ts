import { crc32 } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { REPORT_LINK_SECONDS } from '../../contract/index.ts';
import type { ReportForm, ReportLink, ReportLinks, ReportPart, Reports, StoredPart } from '../../tasks/index.ts';

/** Report objects in the uploads bucket. */
export class S3Reports implements Reports, ReportLinks {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, bytes: Uint8Array, form: ReportForm): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes, ...headersOf(form) }));
  }

  /**
   * The parts carry a checksum, so it is announced here: S3 has refused to put parts together whose checksum was not.
   */
  async begin(key: string, form: ReportForm): Promise<string> {
    const object = { Bucket: this.#bucket, Key: key, ...headersOf(form) };
    const create = new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm: 'CRC32' });
    return (await this.#client.send(create)).UploadId ?? '';
  }

  async putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<StoredPart> {
    const checksum = crc32Of(bytes);
    const part = { Bucket: this.#bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: bytes };
    const { ETag = '' } = await this.#client.send(new UploadPartCommand({ ...part, ChecksumCRC32: checksum }));
    return { etag: ETag, crc32: checksum };
  }

  async complete(key: string, uploadId: string, parts: readonly ReportPart[]): Promise<void> {
    const Parts = parts.map(({ etag, crc32: checksum }, index) => ({
      ETag: etag,
      PartNumber: index + 1,
      ChecksumCRC32: checksum,
    }));
    const upload = { Bucket: this.#bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts } };
    await this.#client.send(new CompleteMultipartUploadCommand(upload));
  }

  /** Looks first: whoever follows a link to nothing gets an answer of S3 that tells no way out. */
  async linkTo(key: string, at: number): Promise<ReportLink | undefined> {
    const object = { Bucket: this.#bucket, Key: key };
    try {
      const { ContentLength = 0 } = await this.#client.send(new HeadObjectCommand(object));
      const signed = { expiresIn: REPORT_LINK_SECONDS, signingDate: new Date(at) };
      return { url: await getSignedUrl(this.#client, new GetObjectCommand(object), signed), bytes: ContentLength };
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
}

/** As S3 writes it: four bytes, the highest first, in base64. */
function crc32Of(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
}

/** RFC 6266: a name in plain ASCII for old clients, and the whole name, toJsonText as RFC 8187 has it. */
const headersOf = ({ contentType, fileName }: ReportForm) => ({
  ContentType: contentType,
  ContentDisposition: `attachment; filename="${fileName.replaceAll(/[^\w. -]/g, '_')}"; filename*=UTF-8''${toJsonText(fileName)}`,
});

const toJsonText = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
