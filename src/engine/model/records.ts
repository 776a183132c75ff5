import type { Fault } from './outcome.ts';

/** One record of a source, as its format reads it. */
export interface SourceRecord {
  /** The item it is, if the source says so; otherwise records are counted. */
  readonly index?: number;
  /** As read; of a record with a fault, what can be shown of it. */
  readonly cells: readonly string[];
  readonly fault?: Fault;
  /** Line where the record begins, from 1. */
  readonly line: number;
  /** Offset of the first byte after the record. */
  readonly endOffset: number;
  /** Bytes of a compressed source that the record accounts for; of another they follow from the offsets. */
  readonly sourceBytes?: number;
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
 * The longest record that can become a valid item, in bytes of UTF-8: its cells and the delimiters between them. It
 * bounds the messages that carry items.
 */
export const RECORD_MAX_BYTES = 64 * 1024;

/** What a fix file says of a row besides its cells. */
const SAID_BYTES = 16 * 1024;

/**
 * The same of a fix file, which must be taken back: with an apostrophe where a cell of one character had none, a row of
 * it holds up to half as much again.
 */
export const FIX_RECORD_MAX_BYTES = 1.5 * RECORD_MAX_BYTES + SAID_BYTES;

/**
 * The longest header: a fix file has its own columns besides those of the source. Twice as much is 256 KiB, which is
 * one read.
 */
export const HEADER_MAX_BYTES = 2 * RECORD_MAX_BYTES - 64;

/**
 * So far, in bytes of UTF-8, a reader looks for the end of a record that is longer than that; blank lines before it
 * count. It bounds what a quote that is never closed can swallow, and so the memory that reading takes.
 */
export const RECORD_REACH_BYTES = 1024 * 1024;
