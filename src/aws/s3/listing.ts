import { HeadObjectCommand, ListObjectsV2Command, NotFound, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectListing, ObjectPage, ReceivedObject } from '../../engine/index.ts';
import { unquote } from './etag.ts';

/** A page of a listing. */
export interface PositionInListing {
  /** The key before the page; absent for the first one. */
  readonly after?: string;
  /** How often the page was kept. */
  readonly tries: number;
}

/** Where the listing of a bucket continues the next time. */
export interface ListingPositions {
  read(): Promise<PositionInListing>;
  write(position: PositionInListing): Promise<void>;
}

/** The objects in the uploads bucket. */
export class S3Listing implements ObjectListing {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #positions: ListingPositions;

  constructor(client: S3Client, bucket: string, positions: ListingPositions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#positions = positions;
  }

  async find(key: string): Promise<ReceivedObject | undefined> {
    try {
      const found = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return { bucket: this.#bucket, key, etag: unquote(found.ETag), bytes: found.ContentLength ?? 0 };
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /** A page has at most 1,000 objects, so that a bucket of any size costs one call a minute. */
  async page(prefix: string): Promise<ObjectPage> {
    const { after, tries } = await this.#positions.read();
    const list = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: prefix,
      ...(after && { StartAfter: after }),
    });
    const { Contents = [], IsTruncated } = await this.#client.send(list);
    const last = IsTruncated ? Contents.at(-1)?.Key : undefined;
    const objects = Contents.filter(({ Key }) => Key !== undefined && !Key.endsWith('/')).map(
      ({ Key, ETag, Size }) => ({
        bucket: this.#bucket,
        key: Key ?? '',
        etag: unquote(ETag),
        bytes: Size ?? 0,
      }),
    );
    return { objects, tries, ...(after && { from: after }), ...(last !== undefined && { after: last }) };
  }

  turn({ after }: ObjectPage): Promise<void> {
    return this.#positions.write({ ...(after !== undefined && { after }), tries: 0 });
  }

  keep({ from, tries }: ObjectPage): Promise<void> {
    return this.#positions.write({ ...(from !== undefined && { after: from }), tries: tries + 1 });
  }
}
