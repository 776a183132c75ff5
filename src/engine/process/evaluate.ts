import { createHash } from 'node:crypto';
import type { Batch } from '../model/batch.ts';
import { meaningOf } from '../reader/cells.ts';
import type { IndexedRow, JobDefinition } from '../definition.ts';
import type { Job } from '../model/job.ts';
import type { ItemFailure, Verdict } from '../model/outcome.ts';
import { refusalOf } from '../reader/faults.ts';
import { mapHeader, tooManyCells, valuesOf } from '../reader/header.ts';

/** What the rules decide about a batch, before anything is stored. */
export interface Evaluation<Row> {
  readonly batch: Batch;
  readonly rows: readonly IndexedRow<Row>[];
  readonly failures: readonly ItemFailure[];
}

/** Decides every item of a batch. The function is pure: the same batch under the same rules has the same result. */
export function evaluate<Row>(definition: JobDefinition<Row>, job: Job, batch: Batch): Evaluation<Row> {
  const header = job.header ?? [];
  const map = mapHeader(header, definition.columns);
  const meaning = meaningOf({ ...job, header }, definition.columns);
  const decide = (asRead: readonly string[]): Verdict<Row> => {
    const meant = meaning(asRead);
    if ('code' in meant) return { refusal: meant };
    const { cells, options } = meant;
    const { nullWords, ...others } = options;
    const refusal = tooManyCells(header, cells);
    return refusal ? { refusal } : definition.decide(valuesOf(map, cells, nullWords), others);
  };
  const rows: IndexedRow<Row>[] = [];
  const failures: ItemFailure[] = [];
  batch.items.forEach(({ index, line, cells, fault }) => {
    const verdict = fault ? { refusal: refusalOf(fault) } : decide(cells);
    if ('row' in verdict) rows.push({ index, row: verdict.row });
    else failures.push({ ...verdict.refusal, index, line, cells });
  });
  return { batch, rows, failures };
}

/**
 * The name under which a batch's failures are stored is their digest. Deliveries under the same rules store the same
 * failures under the same name. A delivery under newer rules stores others beside them, and the ledger refers to those
 * that count.
 */
export const failuresReference = (
  failures: readonly ItemFailure[],
  imported?: readonly number[],
): string | undefined =>
  failures.length === 0 && !imported
    ? undefined
    : createHash('sha256')
        .update(JSON.stringify([failures.map(({ index, code, column }) => [index, code, column]), imported]))
        .digest('base64url')
        .slice(0, 8);
