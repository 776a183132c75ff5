import type { BillLine } from './bill.ts';
import { count } from './format.ts';
import { memoryGb, milliseconds, secondsOf, workerCpuSeconds } from './machine.ts';
import { assumed } from './measured.ts';
import type { Load, Plan } from './plan.ts';
import { prices } from './prices.ts';
import { quotas } from './quotas.ts';
import { newTable, partitionKeys } from './shared-bounds.ts';
import type { Bound } from './time.ts';

export interface Children {
  readonly type: 'Express' | 'Standard';
  /** The number of items that ItemBatcher puts into a child. */
  readonly items: number;
}

/** Express workflows are billed in steps of 100 ms and of 64 MB. */
const STEP_SECONDS = 0.1;
const STEP_GB = 64 / 1_024;

/** Plans Step Functions Distributed Map: each child runs one function, which writes its rows as this project does. */
export function distributedMap({ rows }: Load, { type, items }: Children): Plan {
  const seconds = secondsOf(1, items, workerCpuSeconds);
  const children = rows / items;
  const runs = Math.ceil(rows / quotas.mapItems.value);
  return {
    name: `Step Functions Distributed Map, ${type} children of ${items} rows`,
    lines: [
      { price: prices.dynamoWrite, quantity: rows, why: 'the row items alone' },
      ...(type === 'Express' ? expressLines(children, items, seconds) : standardLines(children, items)),
      { price: prices.lambdaRequest, quantity: children, why: `a function for ${items} rows` },
      {
        price: prices.lambdaGbSecond,
        quantity: children * seconds * memoryGb,
        why: `it takes ${milliseconds(seconds)} of ${memoryGb} GB: one write, and the CPU of a worker here`,
      },
    ],
    bounds: [startsOf(type, items), newTable, partitionKeys, ...atOnce(items, seconds)],
    notes: [
      'A child fails as a whole. Its function must keep track of the rows that failed, which is not in the sum.',
      ...(runs > 1 ? [`Needs ${count(runs)} Map Runs, and as many files.`] : []),
    ],
  };
}

function expressLines(children: number, items: number, seconds: number): readonly BillLine[] {
  const steps = Math.ceil(seconds / STEP_SECONDS);
  return [
    { price: prices.stateTransition, quantity: children, why: `a transition for each child of ${items} rows` },
    { price: prices.expressRequest, quantity: children, why: 'a request for each child' },
    {
      price: prices.expressGbHour,
      quantity: (children * steps * STEP_SECONDS * STEP_GB) / 3_600,
      why: `${steps} × 100 ms of 64 MB for each child`,
    },
  ];
}

const standardLines = (children: number, items: number): readonly BillLine[] => [
  {
    price: prices.stateTransition,
    quantity: children * 2,
    why: `2 transitions for each child of ${items} rows: the child and its task`,
  },
];

function startsOf(type: Children['type'], items: number): Bound {
  const { value } = type === 'Express' ? quotas.mapStartsExpress : quotas.mapStartsStandard;
  return { name: 'children started', rowsPerSecond: value * items, why: `${count(value)}/s × ${items} rows` };
}

/** A child takes as long as its function and one more step of the state machine, which is assumed to take one call. */
function atOnce(items: number, seconds: number): readonly [Bound, Bound] {
  const childSeconds = seconds + assumed.callSeconds.value;
  const [children, executions] = [quotas.mapChildren.value, quotas.lambdaConcurrency.value];
  return [
    {
      name: 'children at once',
      rowsPerSecond: (children * items) / childSeconds,
      why: `${count(children)} × ${items} rows in ${milliseconds(childSeconds)}`,
    },
    {
      name: "the account's Lambda concurrency",
      rowsPerSecond: (executions * items) / seconds,
      why: `${count(executions)} × ${items} rows in ${milliseconds(seconds)}`,
    },
  ];
}
