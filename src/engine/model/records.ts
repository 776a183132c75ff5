import type { Fault } from './outcome.ts';

/** One record of a source. */
export interface SourceRecord {
  /** The item that the record is, if the source has its number; otherwise records are counted. */
  readonly index?: number;
  /** The cells as read; of a record with a fault, what can be shown of it. */
  readonly cells: readonly string[];
  readonly fault?: Fault;
  /** The line where the record begins, from 1. */
  readonly line: number;
  /** The offset of the first byte after the record. */
  readonly endOffset: number;
  /** The bytes of a compressed source that the record accounts for. In other sources they follow from the offsets. */
  readonly sourceBytes?: number;
  /** The line after the record. */
  readonly nextLine: number;
}

/** The position at which reading begins: the start of a record, or of the source. */
export interface ReadFrom {
  readonly byteOffset: number;
  readonly line: number;
}

/** Parses bytes from a position on into records, piece by piece. It holds no more than one piece and one record. */
export type ReadRecords = (bytes: AsyncIterable<Uint8Array>, from: ReadFrom) => AsyncIterable<readonly SourceRecord[]>;

/**
 * The length of the longest record that can become a valid item, with its cells and the delimiters between them, in
 * bytes of UTF-8. It limits the size of messages.
 */
export const RECORD_MAX_BYTES = 64 * 1024;

/** The room for what a fix file has of a row besides its cells. */
const FIX_COLUMNS_BYTES = 16 * 1024;

/**
 * The same for a fix file. An apostrophe may be added to every cell, and a cell may have one character, so a row may be
 * half as long again.
 */
export const FIX_RECORD_MAX_BYTES = 1.5 * RECORD_MAX_BYTES + FIX_COLUMNS_BYTES;

/**
 * The length of the longest header. A fix file has columns besides those of the source. Twice as much is 256 KiB, which
 * is one read.
 */
export const HEADER_MAX_BYTES = 2 * RECORD_MAX_BYTES - 64;

/**
 * How far a reader looks for the end of a longer record, in bytes of UTF-8, with the blank lines before it. It limits
 * how much a quote that is never closed can take in, and so the memory that reading needs.
 */
export const RECORD_REACH_BYTES = 1024 * 1024;
