import { count } from './format.ts';
import { memoryGb, milliseconds, requestsOf, secondsOf, workerCpuSeconds } from './machine.ts';
import { assumed, settings } from './measured.ts';
import type { Load, Plan } from './plan.ts';
import { prices } from './prices.ts';
import { quotas } from './quotas.ts';
import { inFlight, newTable, partitionKeys, workersAt } from './shared-bounds.ts';

const ROWS = settings.messagesPerInvocation;
/** A put of the task, then an update of the counter. The rows of an invocation run in parallel. */
const CALLS_IN_TURN = 2;
const UNITS = 2;
/** The kinds of calls: sends, receives and deletes, with ten messages a call. */
const SQS_CALLS = 3;

const seconds = secondsOf(CALLS_IN_TURN, ROWS, workerCpuSeconds);
const chunks = requestsOf((ROWS * assumed.messageBytes.value) / settings.rowsPerMessage);

/**
 * Plans one message, one put and one counter update for each row, as in bench/textbook. A row is assumed to need as
 * much CPU as here.
 */
export const textbook = (load: Load): Plan => ({
  name: 'The textbook: one message, one put, one counter update per row',
  lines: [
    { price: prices.dynamoWrite, quantity: load.rows * UNITS, why: 'a put and a counter update a row' },
    {
      price: prices.sqsRequest,
      quantity: (load.rows / ROWS) * SQS_CALLS * chunks,
      why: `a send, a receive and a delete of ${ROWS} messages`,
    },
    { price: prices.lambdaRequest, quantity: load.rows / ROWS, why: `a worker for ${ROWS} messages` },
    {
      price: prices.lambdaGbSecond,
      quantity: (load.rows / ROWS) * seconds * memoryGb,
      why: `a worker takes ${milliseconds(seconds)} of ${memoryGb} GB, without its wait for the hot counter`,
    },
  ],
  bounds: [
    {
      name: 'the counter, one item',
      rowsPerSecond: quotas.partitionWriteUnits.value,
      why: `${count(quotas.partitionWriteUnits.value)} write units/s of an item; no splitting helps, and neither does concurrency`,
    },
    ...workersAt(load, ROWS, seconds),
    newTable,
    partitionKeys,
    inFlight(1, seconds),
  ],
  notes: ['A row that is delivered twice counts twice.'],
});
