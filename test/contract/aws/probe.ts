/** The function behind every mapping of the stack: does what its messages say, and writes down what it was handed. */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { Journal } from './journal.ts';

/**
 * What a message has the probe do when it comes for the first time. Whatever comes again is handled without complaint.
 */
export interface Order {
  readonly scenario: string;
  readonly name: string;
  readonly act: Act;
  readonly isMarked?: boolean;
  /** Of `answer`; absent: nothing is returned. */
  readonly answer?: unknown;
  /** Of `relay`: how often the message is still to be sent on. */
  readonly hops?: number;
}

/**
 * `name-marked` reports the marked messages as failed, `name-unknown` also one that is not in the batch; `relay` sends
 * the message to the queue it came from; `overreach` calls what the probe's role does not allow.
 */
export type Act = 'answer' | 'throw' | 'hang' | 'work' | 'relay' | 'overreach' | 'name-marked' | 'name-unknown';

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

/** The first message of a batch that is new speaks for all: only messages of one scenario are in a queue at a time. */
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
    case 'answer':
      return first.answer;
    case 'throw':
      throw new Error('told to throw');
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

/** The name of the error, if it is refused. */
async function overreach(): Promise<string | undefined> {
  try {
    await dynamodb.send(new ScanCommand({ TableName, Limit: 1 }));
    return undefined;
  } catch (error) {
    // What the caller asked for; whatever else went wrong has another name.
    return error instanceof Error ? error.name : String(error);
  }
}
