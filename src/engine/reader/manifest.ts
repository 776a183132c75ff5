import { createHash } from 'node:crypto';
import type { Run } from '../model/job.ts';
import type { Fault, ItemFailure } from '../model/outcome.ts';
import { readLines } from './text/lines.ts';
import { isFault } from './faults.ts';
import type { ReadFrom, SourceRecord } from '../model/records.ts';

/**
 * Writes one line of the source of a redrive: `[index, line, ...cells]` as JSON, or `[index, line, { fault },
 * ...cells]` for an item with a fault. The cells are as they were read. A manifest never changes, so every fan-out of
 * it sends the same batches.
 */
export const manifestLine = ({ index, line, code, cells }: ItemFailure): string =>
  `${JSON.stringify([index, line, ...(isFault(code) ? [{ fault: code }] : []), ...cells])}\n`;

type ManifestLine = [index: number, line: number, ...cells: (string | { readonly fault: Fault })[]];

/** Names a manifest by its content: one that is written later, when the job has other failures, is another object. */
export const manifestName = ({ tenant, jobId, number }: Run, bytes: Uint8Array): string =>
  `${tenant}/${jobId}/${number}/${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.jsonl`;

/** Reads the lines that {@link manifestLine} wrote, from the beginning of one on. */
export async function* readManifest(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
): AsyncGenerator<readonly SourceRecord[]> {
  for await (const lines of readLines(bytes, from, 'utf-8', Infinity)) {
    yield lines.map(({ text, line, endOffset }) => ({ ...itemOf(text), endOffset, nextLine: line + 1 }));
  }
}

function itemOf(text: string): Pick<SourceRecord, 'index' | 'line' | 'cells' | 'fault'> {
  const [index, line, ...rest]: ManifestLine = JSON.parse(text);
  const fault = rest.find((one) => typeof one === 'object');
  return { index, line, cells: rest.filter((one) => typeof one === 'string'), ...fault };
}
