import { ASSUMED, MEASURED } from './measured.ts';
import { QUOTAS, type Priced } from './prices.ts';

/** What a row takes of something that is paid for. */
export interface Quantity {
  readonly what: Priced;
  readonly perRow: number;
  readonly why: string;
}

/** What holds rows up, and what turns it. */
export interface Limit {
  readonly what: string;
  readonly rowsPerSecond: number;
  readonly turn: string;
}

export interface System {
  readonly name: string;
  readonly quantities: readonly Quantity[];
  readonly limits: readonly Limit[];
}

export interface Setting {
  /** Workers at once: the maximum concurrency of the queue's mapping. */
  readonly concurrency: number;
  /** Write units a second that the table of rows sustains. */
  readonly writeUnits: number;
}

/** Rows of a tenant lie under so many keys (`src/aws/dynamodb/task-items.ts`). */
const PARTITION_KEYS = 16;

const GIGABYTES = ASSUMED.memoryMegabytes / 1_024;
const CPU_SHARE = ASSUMED.memoryMegabytes / QUOTAS.megabytesPerCpu.value;
const onLambda = (cpuSeconds: number): number => cpuSeconds / CPU_SHARE / ASSUMED.coresAlike;

const per = (count: number): number => 1 / count;
const writes = (units: number, setting: Setting): Limit => ({
  what: `${setting.writeUnits} write units a second of the table`,
  rowsPerSecond: setting.writeUnits / units,
  turn: 'warm the table before (--write-units)',
});
const workers = (atOnce: number, rows: number, seconds: number, turn: string): Limit => ({
  what: `${atOnce} workers at once, ${Math.round(seconds * 1_000)} ms for ${rows} rows`,
  rowsPerSecond: (atOnce * rows) / seconds,
  turn,
});

export function thisProject(setting: Setting): System {
  const { rowsPerInvocation: rows, callsPerRow, workerCpuSecondsPerRow, splitterCpuSecondsPerRow } = MEASURED;
  // It reads the job, writes the rows, records them and settles.
  const seconds = rows * onLambda(workerCpuSecondsPerRow) + 4 * ASSUMED.roundTripSeconds;
  const splitterSeconds = onLambda(splitterCpuSecondsPerRow);
  return {
    name: 'This project',
    quantities: [
      {
        what: 'tableWriteUnits',
        perRow: MEASURED.writeUnitsPerRow,
        why: 'an item for each row; the ledger and the job',
      },
      { what: 'tableReadUnits', perRow: MEASURED.readUnitsPerRow, why: 'the job and the segment, for each invocation' },
      { what: 'queueRequests', perRow: callsPerRow.queueRequests, why: 'send, receive, delete: 250 rows a call' },
      { what: 'invocations', perRow: per(rows), why: '10 messages of 25 rows' },
      {
        what: 'gigabyteSeconds',
        perRow: GIGABYTES * (seconds / rows + splitterSeconds),
        why: `${Math.round(seconds * 1_000)} ms for ${rows} rows, and the splitter`,
      },
      { what: 'objectReads', perRow: callsPerRow.objectReads, why: 'ranges of 8 MiB' },
      { what: 'objectWrites', perRow: callsPerRow.objectWrites, why: 'the file and its reports' },
      { what: 'topicRequests', perRow: callsPerRow.topicRequests, why: 'one event for the file' },
    ],
    limits: [
      workers(setting.concurrency, rows, seconds, "raise the mapping's concurrency (--concurrency)"),
      writes(MEASURED.writeUnitsPerRow, setting),
      {
        what: `${PARTITION_KEYS} partition keys of ${QUOTAS.partitionWriteUnits.value} write units a second`,
        rowsPerSecond: (PARTITION_KEYS * QUOTAS.partitionWriteUnits.value) / MEASURED.writeUnitsPerRow,
        turn: 'DynamoDB splits busy keys by itself, within some minutes',
      },
      {
        what: 'the one splitter of a file',
        rowsPerSecond: per(splitterSeconds),
        turn: 'give it more memory, or cut the file in two',
      },
    ],
  };
}

/** A message, a put and a counter update for each row; ten messages an invocation. Its CPU is left out, which flatters it. */
export function textbook(setting: Setting): System {
  const rows = 10;
  const seconds = 2 * ASSUMED.roundTripSeconds;
  return {
    name: 'Textbook: a message, a put and a counter update per row',
    quantities: [
      { what: 'tableWriteUnits', perRow: 2, why: 'the row, and the counter' },
      { what: 'queueRequests', perRow: 3 * per(rows), why: 'send, receive, delete: 10 rows a call' },
      { what: 'invocations', perRow: per(rows), why: '10 messages of one row' },
      { what: 'gigabyteSeconds', perRow: (GIGABYTES * seconds) / rows, why: 'two round trips for 10 rows at once' },
    ],
    limits: [
      {
        what: 'write units a second of one item, the counter',
        rowsPerSecond: QUOTAS.partitionWriteUnits.value,
        turn: 'nothing: every row updates the same item',
      },
      workers(setting.concurrency, rows, seconds, "raise the mapping's concurrency (--concurrency)"),
      writes(2, setting),
    ],
  };
}

/** Children of 25 rows, each one Lambda task that writes them as this project does. It counts children, not rows. */
export function distributedMap(setting: Setting, kind: 'standard' | 'express'): System {
  const rows = 25;
  const atOnce = QUOTAS.accountConcurrency.value;
  const seconds = rows * onLambda(MEASURED.workerCpuSecondsPerRow) + ASSUMED.roundTripSeconds;
  const transitions = 2;
  const workflow: readonly Quantity[] =
    kind === 'standard'
      ? [{ what: 'stateTransitions', perRow: transitions * per(rows), why: 'start and task of each child' }]
      : [
          { what: 'expressRequests', perRow: per(rows), why: 'each child' },
          { what: 'expressGigabyteSeconds', perRow: (0.1 * 0.0625) / rows, why: '100 ms of 64 MB, the least' },
        ];
  return {
    name: `Step Functions Distributed Map, ${kind} children of ${rows} rows`,
    quantities: [
      { what: 'tableWriteUnits', perRow: 1, why: 'an item for each row' },
      ...workflow,
      { what: 'invocations', perRow: per(rows), why: 'a task for each child' },
      {
        what: 'gigabyteSeconds',
        perRow: (GIGABYTES * seconds) / rows,
        why: `${Math.round(seconds * 1_000)} ms a task`,
      },
    ],
    limits: [
      workers(atOnce, rows, seconds, "raise the account's concurrency"),
      writes(1, setting),
      ...(kind === 'standard'
        ? [
            {
              what: `${QUOTAS.stateTransitions.value} state transitions a second`,
              rowsPerSecond: (QUOTAS.stateTransitions.value * rows) / transitions,
              turn: 'raise the quota',
            },
          ]
        : []),
    ],
  };
}
