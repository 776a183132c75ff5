import { SourceError, type PinnedSource, type Sources } from '../../src/engine/index.ts';
import { detectSource, readRecords } from '../../src/engine/reader/open-source.ts';
import type { Detected } from '../../src/engine/reader/format.ts';
import type { ReadFrom, SourceRecord } from '../../src/engine/model/records.ts';
import { TASK_COLUMNS } from '../../src/tasks/model/row.ts';
import { aRunningJob } from '../kit/factories.ts';

/** What reading a source came to. */
export interface Reading {
  /** Absent if it could not be told how the source is written. */
  readonly detected?: Detected;
  readonly records: readonly SourceRecord[];
  /** Code and message. */
  readonly failure?: string;
  /** Bytes of the source that were taken in before a record, or the end, came of them; the largest such stretch. */
  readonly heldBytes: number;
}

/** Bytes that come in pieces of the given sizes, taken in turn, and how far they have been taken. */
class PiecewiseSource implements Sources {
  takenUpTo = 0;
  readonly #bytes: Uint8Array;
  readonly #sizes: readonly number[];

  constructor(bytes: Uint8Array, sizes: readonly number[]) {
    this.#bytes = bytes;
    this.#sizes = sizes;
  }

  get pinned(): PinnedSource {
    return { key: 'uploads/fuzz', etag: 'v1', bytes: this.#bytes.length };
  }

  async *open(_: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    let first = fromByte;
    for (let turn = 0; first < this.#bytes.length; turn += 1) {
      const size = this.#sizes[turn % this.#sizes.length]!;
      this.takenUpTo = Math.min(first + size, this.#bytes.length);
      yield this.#bytes.subarray(first, first + size);
      first += size;
    }
  }
}

/** Detects and reads a source to its end. Whatever is thrown that is no SourceError is thrown on. */
export async function read(bytes: Uint8Array, sizes: readonly number[]): Promise<Reading> {
  const source = new PiecewiseSource(bytes, sizes);
  let detected: Detected;
  try {
    detected = await detectSource(source, source.pinned, TASK_COLUMNS);
  } catch (error) {
    return { records: [], failure: failureOf(error), heldBytes: 0 };
  }
  return { detected, ...(await readFrom(bytes, sizes, detected, detected.dataStart)) };
}

/** Goes on with a source whose format is known. */
export async function readFrom(
  bytes: Uint8Array,
  sizes: readonly number[],
  { format, header = [] }: Detected,
  from: ReadFrom,
): Promise<Reading> {
  const source = new PiecewiseSource(bytes, sizes);
  const records: SourceRecord[] = [];
  let heldBytes = 0;
  let end = from.byteOffset;
  const hold = (): void => void (heldBytes = Math.max(heldBytes, source.takenUpTo - end));
  try {
    for await (const some of readRecords(source, aRunningJob({ format, header, source: source.pinned }), from)) {
      hold();
      records.push(...some);
      end = records.at(-1)?.endOffset ?? end;
    }
    hold();
    return { records, heldBytes };
  } catch (error) {
    hold();
    return { records, failure: failureOf(error), heldBytes };
  }
}

function failureOf(error: unknown): string {
  if (!(error instanceof SourceError)) throw error;
  return `${error.code}: ${error.message}`;
}
