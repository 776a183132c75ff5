import { csv, row } from '../test/e2e/support/csv.ts';

/** Rows made at once: a million objects would burden the process that also polls the queues. */
const CHUNK_ROWS = 10_000;

const HEADER = csv([]);

/** A CSV file of so many valid rows, about 65 bytes each. */
export function fileOf(rows: number): Blob {
  const parts = [HEADER];
  for (let first = 1; first <= rows; first += CHUNK_ROWS)
    parts.push(rowsFrom(first, Math.min(CHUNK_ROWS, rows - first + 1)));
  return new Blob(parts);
}

const rowsFrom = (first: number, count: number): string =>
  csv(Array.from({ length: count }, (_, index) => row(first + index))).slice(HEADER.length);
