import { csv, row } from '../test/e2e/support/csv.ts';

/** The rows that are made at once. A million objects would slow down the process, which also polls the queues. */
const CHUNK_ROWS = 10_000;

const HEADER = csv([]);

/** Makes a CSV file of this many valid rows, about 65 bytes each. */
export function makeFile(rows: number): Blob {
  const parts = [HEADER];
  for (let first = 1; first <= rows; first += CHUNK_ROWS)
    parts.push(rowsFrom(first, Math.min(CHUNK_ROWS, rows - first + 1)));
  return new Blob(parts);
}

const rowsFrom = (first: number, count: number): string =>
  csv(Array.from({ length: count }, (_, index) => row(first + index))).slice(HEADER.length);
