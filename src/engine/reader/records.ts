/** One record of a source, as its format reads it. */
export interface SourceRecord {
  /** The item it is, if the source says so; otherwise records are counted. */
  readonly index?: number;
  readonly cells: readonly string[];
  /** Line where the record begins, from 1. */
  readonly line: number;
  /** Offset of the first byte after the record. */
  readonly endOffset: number;
  /** The line after the record. */
  readonly nextLine: number;
}

/** Where reading begins: the start of a record, or of the source. */
export interface ReadFrom {
  readonly byteOffset: number;
  readonly line: number;
}

/** A format: bytes from a place on, into records, piece by piece. Holds no more than one piece and one record. */
export type ReadRecords = (bytes: AsyncIterable<Uint8Array>, from: ReadFrom) => AsyncIterable<readonly SourceRecord[]>;

/**
 * The longest record that is read, in bytes, with the blank lines before it. It bounds what a quote that is never closed can
 * swallow, and so the memory that reading takes.
 */
export const RECORD_MAX_BYTES = 64 * 1024;

/** How long a record may be. */
export interface RecordBounds {
  readonly recordBytes: number;
  /** What its cells hold, without delimiters and quotes. */
  readonly cellBytes: number;
}

export const RECORD_BOUNDS: RecordBounds = { recordBytes: RECORD_MAX_BYTES, cellBytes: RECORD_MAX_BYTES };

/** What a fix file says of a row besides its cells. */
const SAID_BYTES = 16 * 1024;

/**
 * Of a fix file, which must be taken back: of a row of the source it makes up to thrice the bytes, with quotes and an apostrophe
 * where a cell of one character had none, and so up to half as much again of what the cells hold.
 */
export const FIX_FILE_BOUNDS: RecordBounds = {
  recordBytes: 3 * RECORD_MAX_BYTES + SAID_BYTES,
  cellBytes: 1.5 * RECORD_MAX_BYTES + SAID_BYTES,
};

/** Of a header: a fix file has its own columns besides those of the source. Twice as much is 256 KiB, which is one read. */
export const HEADER_BOUNDS: RecordBounds = {
  recordBytes: 2 * RECORD_MAX_BYTES - 64,
  cellBytes: 2 * RECORD_MAX_BYTES - 64,
};

export const bytesIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + Buffer.byteLength(cell), 0);
