import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Uploads } from '../../tasks/index.ts';

/** The files that came through the API, in the uploads bucket. */
export class S3Uploads implements Uploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes, ContentType: 'text/csv' }),
    );
  }
}
