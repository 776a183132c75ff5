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

/** The reports, in the uploads bucket. */
export class S3Reports implements Reports, ReportLinks {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, bytes: Uint8Array, form: ReportForm): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes, ...toHeaders(form) }));
  }

  /** The parts have checksums. S3 has refused to assemble such parts unless the upload names the algorithm. */
  async begin(key: string, form: ReportForm): Promise<string> {
    const object = { Bucket: this.#bucket, Key: key, ...toHeaders(form) };
    const create = new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm: 'CRC32' });
    return (await this.#client.send(create)).UploadId ?? '';
  }

  async putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<StoredPart> {
    const checksum = encodeCrc32(bytes);
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

  /** Looks for the object first: a link to a missing one would lead the caller to an error of S3 with no way out. */
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

/** Writes the checksum as S3 does: four bytes, the highest first, in base64. */
function encodeCrc32(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
}

/** RFC 6266: the name in ASCII for old clients, and the whole name, encoded by RFC 8187. */
const toHeaders = ({ contentType, fileName }: ReportForm) => ({
  ContentType: contentType,
  ContentDisposition: `attachment; filename="${fileName.replaceAll(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encodeName(fileName)}`,
});

const encodeName = (name: string): string =>
  encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
