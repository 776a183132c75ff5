import { createHash } from 'node:crypto';
import type { Run } from '../model/job.ts';
import type { Fault, ItemFailure } from '../model/outcome.ts';
import { readLines } from './text/lines.ts';
import { isFault } from './faults.ts';
import type { ReadFrom, SourceRecord } from '../model/records.ts';

/**
 * The source of a redrive: a line of JSON for each item, `[index, line, ...cells]`, the cells as they were read; of an
 * item with a fault `[index, line, { fault }, ...cells]`. It is written once and never changed, so whoever splits it,
 * and however often, sends the same batches.
 */
export const manifestLine = ({ index, line, code, cells }: ItemFailure): string =>
  `${JSON.stringify([index, line, ...(isFault(code) ? [{ fault: code }] : []), ...cells])}\n`;

type ManifestLine = [index: number, line: number, ...cells: (string | { readonly fault: Fault })[]];

/** Named by what is in it: one that is written later, of a job that went on, is another object. */
export const manifestName = ({ tenant, jobId, number }: Run, bytes: Uint8Array): string =>
  `${tenant}/${jobId}/${number}/${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.jsonl`;

/** Reads what {@link manifestLine} wrote, from the beginning of a line on. */
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
