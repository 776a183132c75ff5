import * as z from 'zod';
import type { BatchFailures, SegmentKey, SegmentRecord } from '../../engine/index.ts';
import type { Key } from './batch-get.ts';

/**
 * A segment has a partition key of its own, with its ledger record and its failures. Writes spread over the segments,
 * and no partition gets hot.
 */
export const toSegmentPk = ({ tenant, runId, segment }: SegmentKey): string => `segment#${tenant}#${runId}#${segment}`;

export const toLedgerKey = (key: SegmentKey): Key => ({ pk: toSegmentPk(key), sk: 'ledger' });

/** Pads a batch number to ten digits, so that batches sort as numbers. That is enough for 250,000 million rows. */
const toSortable = (batch: number): string => String(batch).padStart(10, '0');

export const toFailuresSk = (batch: number, reference = ''): string => `failures#${toSortable(batch)}#${reference}`;

/** The end of the failures: this key sorts after all failures items of a segment. */
export const FAILURES_END = 'failures#~';

/** Tries sort after all failures. */
export const toTriesSk = (batch: number): string => `tries#${toSortable(batch)}`;

const numberSet = z.set(z.number()).default(new Set());
const stringSet = z.set(z.string()).default(new Set());

/** `references` has `batch:reference` for each batch with failures, so that one `ADD` records everything. */
const ledgerItem = z.object({
  batches: numberSet,
  succeeded: z.number(),
  failed: z.number(),
  bytes: z.number(),
  references: stringSet,
  changedAt: z.number().exactOptional(),
});

export const toReferenceText = (batch: number, reference: string): string => `${batch}:${reference}`;

function parseReference(text: string): [batch: number, reference: string] {
  const colon = text.indexOf(':');
  return [Number(text.slice(0, colon)), text.slice(colon + 1)];
}

export function parseSegment(key: SegmentKey, item: unknown): SegmentRecord {
  const { references, ...counts } = ledgerItem.parse(item);
  const { tenant, runId, segment } = key;
  return { tenant, runId, segment, ...counts, failuresReferences: new Map([...references].map(parseReference)) };
}

/** An earlier version stored `imported` under this name. */
const EARLIER_IMPORTED = 'broughtIn';

const failuresItem = z.object({
  batch: z.number(),
  reference: z.string(),
  failures: z.array(
    z.object({
      index: z.number(),
      line: z.number(),
      code: z.string(),
      column: z.string().exactOptional(),
      value: z.string().exactOptional(),
      message: z.string(),
      cells: z.array(z.string()),
    }),
  ),
  imported: z.array(z.number()).exactOptional(),
  [EARLIER_IMPORTED]: z.array(z.number()).exactOptional(),
});

export function parseFailures(item: unknown): BatchFailures {
  const { [EARLIER_IMPORTED]: earlier, ...failures } = failuresItem.parse(item);
  return { ...(earlier && { imported: earlier }), ...failures };
}
