/** The function of every mapping of the stack: it does what its messages say, and records its deliveries. */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { Journal } from './journal.ts';

/** What the probe does on the first delivery of a message. On later deliveries it succeeds. */
export interface Order {
  readonly scenario: string;
  readonly name: string;
  readonly act: Act;
  readonly isMarked?: boolean;
  /** The result of `return`; if absent, the probe returns nothing. */
  readonly result?: unknown;
  /** How often `relay` is still to send the message. */
  readonly hops?: number;
}

/**
 * `name-marked` reports the marked messages as failed, and `name-unknown` also one that is not in the batch; `relay`
 * sends the message to its own queue; `overreach` makes a call that the probe's role does not allow.
 */
export type Act = 'return' | 'throw' | 'hang' | 'work' | 'relay' | 'overreach' | 'name-marked' | 'name-unknown';

const HANG_MS = 60_000;
const WORK_MS = 300;

const TableName = String(process.env['TABLE_NAME']);
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const journal = new Journal(dynamodb, TableName);

interface Delivery {
  readonly record: SQSRecord;
  readonly order: Order;
}

/** The first new message of a batch decides, because a queue has messages of only one scenario at a time. */
export async function handler({ Records }: SQSEvent, context: Context): Promise<unknown> {
  const startedAt = Date.now();
  const remainingMs = context.getRemainingTimeInMillis();
  const deliveries = Records.map((record) => ({ record, order: JSON.parse(record.body) as Order }));
  const first = deliveries.find(({ record }) => record.attributes.ApproximateReceiveCount === '1')?.order;
  if (first?.act === 'work') await pause(WORK_MS);
  const refusal = first?.act === 'overreach' ? await overreach() : undefined;
  for (const { record, order } of deliveries) {
    await journal.write(order.scenario, {
      name: order.name,
      isMarked: order.isMarked === true,
      messageId: record.messageId,
      receiveCount: record.attributes.ApproximateReceiveCount,
      invocation: context.awsRequestId,
      startedAt,
      remainingMs,
      endedAt: Date.now(),
      refusal,
    });
  }
  return first && (await obey(first, deliveries));
}

async function obey(first: Order, deliveries: readonly Delivery[]): Promise<unknown> {
  switch (first.act) {
    case 'return':
      return first.result;
    case 'throw':
      throw new Error('the message says throw');
    case 'hang':
      return await pause(HANG_MS);
    case 'relay':
      return await relay(first);
    case 'name-marked':
      return failures(marked(deliveries));
    case 'name-unknown':
      return failures([...marked(deliveries), 'unknown']);
    case 'work':
    case 'overreach':
      return undefined;
  }
}

const marked = (deliveries: readonly Delivery[]): readonly string[] =>
  deliveries.filter(({ order }) => order.isMarked).map(({ record }) => record.messageId);

const failures = (ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

async function relay({ hops = 0, ...order }: Order): Promise<void> {
  if (hops === 0) return;
  const next: Order = { ...order, name: String(hops), hops: hops - 1 };
  await sqs.send(
    new SendMessageCommand({ QueueUrl: process.env['RELAY_QUEUE_URL'], MessageBody: JSON.stringify(next) }),
  );
}

/** Makes a call that is not allowed, and returns the name of the error. */
async function overreach(): Promise<string | undefined> {
  try {
    await dynamodb.send(new ScanCommand({ TableName, Limit: 1 }));
    return undefined;
  } catch (error) {
    // This is the error that the scenario wants. Any other failure has another name.
    return error instanceof Error ? error.name : String(error);
  }
}
