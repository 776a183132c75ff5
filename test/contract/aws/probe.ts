/** The function of every mapping of the stack. It does what its messages say, and records what it received. */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { Journal } from './journal.ts';

/**
 * What the probe does when a message comes for the first time. A message that comes again succeeds.
 */
export interface Order {
  readonly scenario: string;
  readonly name: string;
  readonly act: Act;
  readonly isMarked?: boolean;
  /** The response of `respond`. Absent: the probe returns nothing. */
  readonly response?: unknown;
  /** For `relay`: how often the message is still to be sent on. */
  readonly hops?: number;
}

/**
 * `name-marked` reports the marked messages as failed, `name-unknown` also one that is not in the batch. `relay` sends
 * the message to the queue it came from. `overreach` makes a call for which the probe's role lacks the right.
 */
export type Act = 'respond' | 'throw' | 'hang' | 'work' | 'relay' | 'overreach' | 'name-marked' | 'name-unknown';

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

/** The first new message of a batch decides for all, because a queue has messages of only one scenario at a time. */
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
    case 'respond':
      return first.response;
    case 'throw':
      throw new Error('the message asks for an error');
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

/** Makes a call for which the role lacks the right. Resolves to the name of the error that refuses it. */
async function overreach(): Promise<string | undefined> {
  try {
    await dynamodb.send(new ScanCommand({ TableName, Limit: 1 }));
    return undefined;
  } catch (error) {
    // The expected refusal has a name of its own, and any other failure another one.
    return error instanceof Error ? error.name : String(error);
  }
}
