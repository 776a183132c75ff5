import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { REDRIVES_PREFIX } from '../../contract/index.ts';
import type { Manifests, PinnedSource } from '../../engine/index.ts';
import { unquote } from './etag.ts';

/** The manifests of redrives, in the uploads bucket. */
export class S3Manifests implements Manifests {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async store(name: string, bytes: Uint8Array): Promise<PinnedSource> {
    const key = `${REDRIVES_PREFIX}${name}`;
    const put = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: bytes,
      ContentType: 'application/x-ndjson',
    });
    const { ETag } = await this.#client.send(put);
    return { key, etag: unquote(ETag), bytes: bytes.length };
  }
}
