import { SourceError, type PinnedSource, type Sources } from '../../src/engine/index.ts';
import { detectSource, readRecords } from '../../src/engine/reader/open-source.ts';
import type { Detected } from '../../src/engine/reader/format.ts';
import type { ReadFrom, SourceRecord } from '../../src/engine/model/records.ts';
import { TASK_COLUMNS } from '../../src/tasks/model/row.ts';
import { aRunningJob } from '../kit/factories.ts';

/** The result of reading a source. */
export interface Reading {
  /** Absent if the format of the source could not be detected. */
  readonly detected?: Detected;
  readonly records: readonly SourceRecord[];
  /** The code and the message of the failure. */
  readonly failure?: string;
  /** The most bytes of the source that were read before they gave a record, or the end. */
  readonly heldBytes: number;
}

/** A source whose pieces have the given sizes, in rotation. It notes how far it was read. */
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

/** Detects the format of a source and reads it to its end. Rethrows every error that is not a SourceError. */
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

/** Reads a source whose format is known, from a position to its end. */
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
