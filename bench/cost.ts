import { sumOf, type FileCounts, type OperationCount } from './counts.ts';
import type { Observation } from './observe.ts';
import { DOLLARS_PER_MILLION, type Priced } from '../cli/plan/prices.ts';

export interface CostLine {
  readonly what: Priced;
  /** For a million rows. */
  readonly units: number;
  readonly dollars: number;
}

const OBJECT_READS: ReadonlySet<string> = new Set(['GetObject', 'HeadObject']);

/** What a million rows cost, in files such as were counted and observed. */
export function costOf(counts: FileCounts, observed: Observation): readonly CostLine[] {
  const of = (service: string): readonly OperationCount[] =>
    counts.operations.filter((count) => count.service === service);
  const objectReads = of('s3').filter(({ operation }) => OBJECT_READS.has(operation));
  const objectWrites = of('s3').filter(({ operation }) => !OBJECT_READS.has(operation));
  const units: Partial<Record<Priced, number>> = {
    tableWriteUnits: sumOf(of('dynamodb'), 'writeUnits') / counts.rows,
    tableReadUnits: sumOf(of('dynamodb'), 'readUnits') / counts.rows,
    queueRequests: sumOf(of('sqs'), 'calls') / counts.rows,
    topicRequests: sumOf(of('sns'), 'calls') / counts.rows,
    objectWrites: sumOf(objectWrites, 'calls') / counts.rows,
    objectReads: sumOf(objectReads, 'calls') / counts.rows,
    invocations: observed.invocations / observed.rows,
    gigabyteSeconds: observed.gigabyteSeconds / observed.rows,
  };
  // `Object.entries` forgets the keys.
  return (Object.entries(units) as [Priced, number][]).map(([what, perRow]) => ({
    what,
    units: perRow * 1_000_000,
    dollars: perRow * DOLLARS_PER_MILLION[what].value,
  }));
}

export const dollarsOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);
