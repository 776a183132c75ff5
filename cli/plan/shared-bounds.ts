import { count } from './format.ts';
import { fetchSeconds, milliseconds } from './machine.ts';
import { settings } from './measured.ts';
import type { Load } from './plan.ts';
import { quotas } from './quotas.ts';
import type { Bound } from './time.ts';

const NEW_TABLE = quotas.newTableWriteUnits.value;

/** A new on-demand table with a write unit for each row. It may double its peak each half hour, up to its quota. */
export const newTable: Bound = {
  name: 'a new on-demand table',
  rowsPerSecond: NEW_TABLE,
  growsTo: quotas.tableWriteUnits.value,
  why: `${count(NEW_TABLE)} write units/s at first, doubling each half hour up to ${count(quotas.tableWriteUnits.value)}`,
};

/** The partition keys of the Tasks table, over which rows spread evenly. */
export const partitionKeys: Bound = {
  name: 'partition keys of the Tasks table',
  rowsPerSecond: settings.taskPartitionKeys * quotas.partitionWriteUnits.value,
  why: `${settings.taskPartitionKeys} keys × ${count(quotas.partitionWriteUnits.value)} write units/s, before DynamoDB splits a key's range`,
};

/** Computes the bounds of workers behind a queue, each with so many rows in an invocation of so many seconds. */
export function workersAt({ concurrency }: Load, rows: number, seconds: number): readonly [Bound, Bound] {
  const cycle = seconds + fetchSeconds;
  const each = `${rows} rows in ${milliseconds(seconds)} and ${milliseconds(fetchSeconds)} until the next`;
  const boundOf = (name: string, workers: number): Bound => ({
    name,
    rowsPerSecond: (workers * rows) / cycle,
    why: `${count(workers)} at once × ${each}`,
  });
  return [
    boundOf('maximum concurrency of the mapping', concurrency),
    boundOf("the account's Lambda concurrency", quotas.lambdaConcurrency.value),
  ];
}

/** Computes the bound of messages in flight: those received and not deleted yet, as long as an invocation lasts. */
export const inFlight = (rowsPerMessage: number, seconds: number): Bound => ({
  name: 'messages in flight of the queue',
  rowsPerSecond: (quotas.sqsInFlight.value * rowsPerMessage) / seconds,
  why: `${count(quotas.sqsInFlight.value)} × ${rowsPerMessage} rows in ${milliseconds(seconds)}`,
});
