import { sumOf, type FileCounts, type OperationCount } from './counts.ts';
import type { Observation } from './observe.ts';
import { prices } from '../cli/plan/prices.ts';

/** The prices of what a file uses, by the names of the benchmark. */
const PRICES = {
  tableWriteUnits: prices.dynamoWrite,
  tableReadUnits: prices.dynamoRead,
  queueRequests: prices.sqsRequest,
  topicRequests: prices.snsPublish,
  objectWrites: prices.s3Put,
  objectReads: prices.s3Get,
  invocations: prices.lambdaRequest,
  gigabyteSeconds: prices.lambdaGbSecond,
} as const;
type Priced = keyof typeof PRICES;

export interface CostLine {
  readonly what: Priced;
  /** The units for a million rows. */
  readonly units: number;
  readonly dollars: number;
}

const OBJECT_READS: ReadonlySet<string> = new Set(['GetObject', 'HeadObject']);

/** Returns the cost of a million rows in files like the counted and the observed one. */
export function costOf(counts: FileCounts, observed: Observation): readonly CostLine[] {
  const of = (service: string): readonly OperationCount[] =>
    counts.operations.filter((count) => count.service === service);
  const objectReads = of('s3').filter(({ operation }) => OBJECT_READS.has(operation));
  const objectWrites = of('s3').filter(({ operation }) => !OBJECT_READS.has(operation));
  const units: Readonly<Record<Priced, number>> = {
    tableWriteUnits: sumOf(of('dynamodb'), 'writeUnits') / counts.rows,
    tableReadUnits: sumOf(of('dynamodb'), 'readUnits') / counts.rows,
    queueRequests: sumOf(of('sqs'), 'calls') / counts.rows,
    topicRequests: sumOf(of('sns'), 'calls') / counts.rows,
    objectWrites: sumOf(objectWrites, 'calls') / counts.rows,
    objectReads: sumOf(objectReads, 'calls') / counts.rows,
    invocations: observed.invocations / observed.rows,
    gigabyteSeconds: observed.gigabyteSeconds / observed.rows,
  };
  return (Object.keys(units) as Priced[]).map((what) => ({
    what,
    units: units[what] * 1_000_000,
    dollars: (units[what] * 1_000_000 * PRICES[what].value) / PRICES[what].per,
  }));
}

export const dollarsOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);
