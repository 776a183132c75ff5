import { totalOf, type BillLine } from './bill.ts';
import { count } from './format.ts';
import { memoryGb, milliseconds, secondsOf } from './machine.ts';
import { assumed, settings } from './measured.ts';
import { prices } from './prices.ts';
import { quotas } from './quotas.ts';

/** Numbers of objects in the uploads bucket. The sweep lists all of them, even if nothing was uploaded lately. */
export const IDLE_OBJECTS = [0, 1_000, 100_000] as const;

const DAYS = 30;
const SWEEPS = DAYS * 24 * settings.sweepsAnHour;
const POLLS = (DAYS * 24 * 3_600) / assumed.pollSeconds.value;
/** An eventually consistent read of up to 4 KB. */
const EVENTUAL_READ = 0.5;
/** The calls of a sweep besides its queries: read the position, list, write the position. */
const OTHER_CALLS = 3;
const GIGABYTE = 1_000_000_000;

/** What the service costs in 30 days without any request. */
export interface Idle {
  readonly objects: number;
  readonly dollars: number;
  readonly lines: readonly BillLine[];
  /** The additional cost of asking how deep the queues are, which a sweep does while files make no progress. */
  readonly depths: BillLine;
  /** The additional cost of alarms. */
  readonly alarms: BillLine;
}

export function idle(objects: number): Idle {
  const lines = [polling, ...sweeping(Math.min(objects, quotas.listedObjects.value))];
  return { objects, lines, dollars: totalOf(lines), depths, alarms };
}

const depths: BillLine = {
  price: prices.sqsRequest,
  quantity: SWEEPS * settings.askedQueues,
  why: `GetQueueAttributes of ${settings.askedQueues} queues a sweep, if files make no progress all the time; none otherwise`,
};

const alarms: BillLine = {
  price: prices.alarm,
  quantity: settings.alarms,
  why: 'if CDK_ALARM_EMAIL or CDK_ALARM_TOPIC_ARN is set',
};

const polling: BillLine = {
  price: prices.sqsRequest,
  quantity: settings.mappings * quotas.idlePollers.value * POLLS,
  why: `${settings.mappings} mappings × ${quotas.idlePollers.value} pollers that ask every ${assumed.pollSeconds.value} s`,
};

/** @param objects The objects that one sweep lists: at most a page. */
function sweeping(objects: number): readonly BillLine[] {
  const reads = Math.ceil(objects / quotas.batchGetItems.value);
  const calls = settings.changeKeys + OTHER_CALLS + reads;
  const seconds = secondsOf(calls, 0, 0);
  return [
    { price: prices.schedule, quantity: SWEEPS, why: 'a sweep a minute' },
    { price: prices.lambdaRequest, quantity: SWEEPS, why: 'a sweep a minute' },
    {
      price: prices.lambdaGbSecond,
      quantity: SWEEPS * seconds * memoryGb,
      why: `a sweep takes ${milliseconds(seconds)} of ${memoryGb} GB: ${calls} calls in turn`,
    },
    {
      price: prices.dynamoRead,
      quantity: SWEEPS * (settings.changeKeys + 1) * EVENTUAL_READ,
      why: `${settings.changeKeys} queries of the index by change and the position, half a unit each`,
    },
    {
      price: prices.dynamoRead,
      quantity: SWEEPS * objects * EVENTUAL_READ,
      why: `the jobs of ${count(objects)} listed objects, ${quotas.batchGetItems.value} a call, half a unit each`,
    },
    { price: prices.dynamoWrite, quantity: SWEEPS, why: 'the position where the next sweep continues' },
    { price: prices.s3List, quantity: SWEEPS, why: `one page of up to ${count(quotas.listedObjects.value)} objects` },
    { price: prices.trace, quantity: SWEEPS, why: 'X-Ray records the first invocation of each second' },
    {
      price: prices.logGigabyte,
      quantity: (SWEEPS * assumed.sweepLogBytes.value) / GIGABYTE,
      why: `${count(assumed.sweepLogBytes.value)} bytes a sweep, assumed`,
    },
  ];
}
