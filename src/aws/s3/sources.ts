import type { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { SourceError, type PinnedSource, type Sources } from '../../engine/index.ts';
import { patience } from '../patience.ts';
import { NoResponseError } from '../service-errors.ts';

/** The first range is small, so that a header or a small file arrives at once. */
const FIRST_RANGE_BYTES = 256 * 1024;
const RANGE_BYTES = 8 * 1024 * 1024;

/** S3 sends the next bytes within milliseconds. The reader's own time does not count. */
const SILENCE_MILLISECONDS = 4_000;

/**
 * The sources of jobs, in the uploads bucket. An object is read in ranges of one pinned version: no connection stays
 * open while batches are sent, and the next range notices that the object was replaced.
 */
export class S3Sources implements Sources {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #silenceMilliseconds: number;

  constructor(client: S3Client, bucket: string, silenceMilliseconds = SILENCE_MILLISECONDS * patience()) {
    this.#client = client;
    this.#bucket = bucket;
    this.#silenceMilliseconds = silenceMilliseconds;
  }

  async *open(source: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    let length = FIRST_RANGE_BYTES;
    for (let first = fromByte; first < source.bytes; length = RANGE_BYTES) {
      const last = Math.min(first + length, source.bytes) - 1;
      yield* readPieces(await this.#range(source, first, last), this.#silenceMilliseconds);
      first = last + 1;
    }
  }

  async #range({ key, etag }: PinnedSource, first: number, last: number): Promise<Readable> {
    const get = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      IfMatch: `"${etag}"`,
      Range: `bytes=${first}-${last}`,
    });
    try {
      const { Body } = await this.#client.send(get);
      // In Node.js the SDK's body is a Readable, which yields Buffers.
      return Body as Readable;
    } catch (error) {
      throw toSourceError(error) ?? error;
    }
  }
}

/** A body that breaks off or falls silent is a failure of the service, as any other. */
async function* readPieces(body: Readable, silenceMilliseconds: number): AsyncGenerator<Uint8Array> {
  const wait = (): NodeJS.Timeout =>
    setTimeout(() => body.destroy(new Error(`no byte arrived for ${silenceMilliseconds} ms`)), silenceMilliseconds);
  let silence = wait();
  try {
    for await (const piece of body) {
      clearTimeout(silence);
      yield piece;
      silence = wait();
    }
  } catch (error) {
    throw new NoResponseError(`S3 broke off an object: ${String(error)}`);
  } finally {
    clearTimeout(silence);
  }
}

/** Two failures are final: trying again would not help. */
function toSourceError(error: unknown): SourceError | undefined {
  if (error instanceof NoSuchKey) {
    return new SourceError(
      'SOURCE_MISSING',
      'The file was deleted before it was read to its end. Put the same bytes there again, under the same name, and redrive this task file: it continues where it stopped. Under another name they are a task file of their own, with all rows.',
    );
  }
  if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) {
    return new SourceError(
      'SOURCE_CHANGED',
      'The file was replaced while it was being read. The new version has a task file of its own.',
    );
  }
  return undefined;
}
