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
