import { expect, it } from '@jest/globals';
import { costOf, dollarsOf } from './cost.ts';
import type { FileCounts } from './counts.ts';
import type { Observation } from './observe.ts';

const count = (service: string, operation: string, calls: number, units = {}) => ({
  service,
  operation,
  calls,
  readUnits: 0,
  writeUnits: 0,
  ...units,
});

const counts: FileCounts = {
  rows: 1_000,
  operations: [
    count('dynamodb', 'BatchWriteItem', 40, { writeUnits: 1_000 }),
    count('dynamodb', 'UpdateItem', 6, { writeUnits: 8 }),
    count('dynamodb', 'GetItem', 9, { readUnits: 4.5 }),
    count('sqs', 'SendMessageBatch', 4),
    count('sqs', 'ReceiveMessage', 6),
    count('sns', 'Publish', 1),
    count('s3', 'PutObject', 2),
    count('s3', 'ListParts', 1),
    count('s3', 'GetObject', 3),
  ],
};

const observed: Observation = {
  rows: 10_000,
  splitterHeldBytes: 0,
  workerHeldBytes: 0,
  invocations: 50,
  gigabyteSeconds: 20,
};

it('multiplies the use of each row by a million and the list price', () => {
  const lines = costOf(counts, observed);
  expect(Object.fromEntries(lines.map(({ what, units }) => [what, units]))).toEqual({
    tableWriteUnits: 1_008_000,
    tableReadUnits: 4_500,
    queueRequests: 10_000,
    topicRequests: 1_000,
    objectWrites: 3_000,
    objectReads: 3_000,
    invocations: 5_000,
    gigabyteSeconds: 2_000,
  });
  // 0.63 + 0.0005625 + 0.004 + 0.0005 + 0.015 + 0.0012 + 0.001 + 0.0266668
  expect(dollarsOf(lines)).toBeCloseTo(0.6789293, 7);
});
