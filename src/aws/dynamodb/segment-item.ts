import * as z from 'zod';
import type { BatchFailures, SegmentKey, SegmentRecord } from '../../engine/index.ts';
import type { Key } from './batch-get.ts';

/** Ledger record and failures of a segment lie together, each segment under a partition key of its own: none is hot. */
export const segmentPk = ({ tenant, runId, segment }: SegmentKey): string => `segment#${tenant}#${runId}#${segment}`;

export const ledgerKeyOf = (key: SegmentKey): Key => ({ pk: segmentPk(key), sk: 'ledger' });

/** Batches sort as numbers: padded to ten digits, enough for 250,000 million rows. */
const sortable = (batch: number): string => String(batch).padStart(10, '0');

export const failuresSk = (batch: number, reference = ''): string => `failures#${sortable(batch)}#${reference}`;

/** Sorts after every failures item of a segment. */
export const FAILURES_END = 'failures#~';

/** Sorts after all failures. */
export const triesSk = (batch: number): string => `tries#${sortable(batch)}`;

const numberSet = z.set(z.number()).default(new Set());
const stringSet = z.set(z.string()).default(new Set());

/** `references` holds `batch:reference` for each batch with failures, so that one `ADD` records everything. */
const ledgerItem = z.object({
  batches: numberSet,
  succeeded: z.number(),
  failed: z.number(),
  bytes: z.number(),
  references: stringSet,
  changedAt: z.number().exactOptional(),
});

export const referenceText = (batch: number, reference: string): string => `${batch}:${reference}`;

function parseReference(text: string): [batch: number, reference: string] {
  const colon = text.indexOf(':');
  return [Number(text.slice(0, colon)), text.slice(colon + 1)];
}

export function segmentOfItem(key: SegmentKey, item: unknown): SegmentRecord {
  const { references, ...counts } = ledgerItem.parse(item);
  const { tenant, runId, segment } = key;
  return { tenant, runId, segment, ...counts, failuresReferences: new Map([...references].map(parseReference)) };
}

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
  /** An earlier version stored `imported` under this name. */
  broughtIn: z.array(z.number()).exactOptional(),
});

export function failuresOfItem(item: unknown): BatchFailures {
  const { broughtIn, ...failures } = failuresItem.parse(item);
  return { ...(broughtIn && { imported: broughtIn }), ...failures };
}
