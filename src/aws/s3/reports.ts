import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ReportForm, ReportLinks, ReportPart, Reports } from '../../tasks/index.ts';

/** Long enough to click, too short to pass on. */
const LINK_LIFETIME_SECONDS = 5 * 60;

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

  async begin(key: string, form: ReportForm): Promise<string> {
    const create = new CreateMultipartUploadCommand({ Bucket: this.#bucket, Key: key, ...headersOf(form) });
    return (await this.#client.send(create)).UploadId ?? '';
  }

  async putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<string> {
    const part = { Bucket: this.#bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: bytes };
    return (await this.#client.send(new UploadPartCommand(part))).ETag ?? '';
  }

  async complete(key: string, uploadId: string, parts: readonly ReportPart[]): Promise<void> {
    const Parts = parts.map(({ etag }, index) => ({ ETag: etag, PartNumber: index + 1 }));
    await this.#client.send(
      new CompleteMultipartUploadCommand({
        Bucket: this.#bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: { Parts },
      }),
    );
  }

  linkTo(key: string): Promise<string> {
    const get = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    return getSignedUrl(this.#client, get, { expiresIn: LINK_LIFETIME_SECONDS });
  }
}

/** RFC 6266: a name in plain ASCII for old clients, and the whole name, encoded as RFC 8187 has it. */
const headersOf = ({ contentType, fileName }: ReportForm) => ({
  ContentType: contentType,
  ContentDisposition: `attachment; filename="${fileName.replaceAll(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encoded(fileName)}`,
});

const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
