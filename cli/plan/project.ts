import { dollarsOf, type BillLine } from './bill.ts';
import { count, dollars } from './format.ts';
import { memoryGb, milliseconds, requestsOf, secondsOf, workerCpuSeconds } from './machine.ts';
import { assumed, measured, settings } from './measured.ts';
import type { Load, Plan } from './plan.ts';
import { prices } from './prices.ts';
import { inFlight, newTable, partitionKeys, workersAt } from './shared-bounds.ts';
import type { Bound } from './time.ts';

const ROWS = settings.rowsPerMessage * settings.messagesPerInvocation;
const SEGMENT = settings.rowsPerMessage * settings.batchesPerSegment;
/**
 * The changes of a job item for a segment, its checkpoint and its roll-up. Both move its entry in the index by change.
 */
const JOB_CHANGES = 2;
/** A changed key deletes one entry of the index and puts another. */
const UNITS_PER_MOVE = 2;

const workerSeconds = secondsOf(assumed.workerCallsInTurn.value, ROWS, workerCpuSeconds);
const segmentSeconds = secondsOf(assumed.splitterCallsInTurn.value, SEGMENT, assumed.splitterCpuSeconds.value);
const chunks = requestsOf(settings.messagesPerInvocation * assumed.messageBytes.value);

/** Plans this project, for one file whose rows are all valid and delivered once. */
export const project = (load: Load): Plan => ({
  name: 'This project',
  lines: [...writes(load), ...messages(load), ...functions(load), ...objects(load)],
  bounds: [...workersAt(load, ROWS, workerSeconds), newTable, partitionKeys, splitter, queue],
  notes: [
    `Workers that wait for a throttled table are billed, up to ${waitingAnHour(load)} an hour, and that is not in the sum: warm the table up first.`,
  ],
});

/** Computes what an hour costs if all workers wait all the time. */
const waitingAnHour = ({ concurrency }: Load): string =>
  dollars(
    dollarsOf({ price: prices.lambdaGbSecond, quantity: concurrency * memoryGb * 3_600, why: 'an hour of each' }),
  );

const queue = inFlight(settings.rowsPerMessage, workerSeconds);

const splitter: Bound = {
  name: 'the one splitter of a file',
  rowsPerSecond: SEGMENT / segmentSeconds,
  why: `${count(SEGMENT)} rows in ${milliseconds(segmentSeconds)}; two files have two`,
};

function writes({ rows }: Load): readonly BillLine[] {
  const { writeUnits, dynamoGetItem, dynamoBatchGetItem } = measured.perRow;
  return [
    { price: prices.dynamoWrite, quantity: rows * writeUnits, why: `${writeUnits} a row, measured` },
    {
      price: prices.dynamoWrite,
      quantity: (rows / SEGMENT) * JOB_CHANGES * UNITS_PER_MOVE,
      why: `index by change: ${JOB_CHANGES} changes of the job for ${count(SEGMENT)} rows, ${UNITS_PER_MOVE} units each, not measured`,
    },
    {
      price: prices.dynamoRead,
      quantity: rows * (dynamoGetItem + dynamoBatchGetItem),
      why: `${dynamoGetItem} GetItem and ${dynamoBatchGetItem} BatchGetItem a row, measured, a unit each`,
    },
  ];
}

function messages({ rows }: Load): readonly BillLine[] {
  const { sqsSend, sqsReceive, sqsDelete, snsPublish } = measured.perRow;
  return [
    {
      price: prices.sqsRequest,
      quantity: rows * ((sqsSend + sqsReceive) * chunks + sqsDelete),
      why: `${sqsSend} sends, ${sqsReceive} receives of ${chunks} × 64 KiB and ${sqsDelete} deletes a row, measured`,
    },
    { price: prices.snsPublish, quantity: rows * snsPublish, why: `${snsPublish} a row, measured; in fact 1 a file` },
  ];
}

const functions = ({ rows }: Load): readonly BillLine[] => [
  { price: prices.lambdaRequest, quantity: rows / ROWS, why: `a worker for ${ROWS} rows, measured` },
  {
    price: prices.lambdaGbSecond,
    quantity: (rows / ROWS) * workerSeconds * memoryGb,
    why: `a worker takes ${milliseconds(workerSeconds)} of ${memoryGb} GB, from its measured CPU and assumed calls`,
  },
  {
    price: prices.lambdaGbSecond,
    quantity: (rows / SEGMENT) * segmentSeconds * memoryGb,
    why: `the splitter takes ${milliseconds(segmentSeconds)} of ${memoryGb} GB for ${count(SEGMENT)} rows, assumed`,
  },
];

function objects({ rows }: Load): readonly BillLine[] {
  const { s3Put, s3Get, s3Head } = measured.perRow;
  return [
    { price: prices.s3Put, quantity: rows * s3Put, why: `${s3Put} a row, measured; in fact 2 a file` },
    {
      price: prices.s3Get,
      quantity: rows * (s3Get + s3Head),
      why: `${s3Get} gets and ${s3Head} heads a row, measured`,
    },
  ];
}
