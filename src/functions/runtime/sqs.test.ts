import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { takeLog } from '../../../test/kit/captured-log.ts';
import * as z from 'zod';
import type { Undone } from '../../engine/index.ts';
import { oneByOne, sqsHandler, type Message } from './sqs.ts';

const schema = z.strictObject({ title: z.string() });
type Body = z.infer<typeof schema>;

const recordOf = (messageId: string, body: string, receiveCount = 1): SQSRecord => ({
  messageId,
  body,
  receiptHandle: 'handle',
  attributes: {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
  awsRegion: 'us-east-1',
});
const eventOf = (...Records: SQSRecord[]): SQSEvent => ({ Records });
const context = { getRemainingTimeInMillis: () => 1_234 } as Context;
const idsOf = ({ batchItemFailures }: SQSBatchResponse) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

beforeEach(() => void takeLog());

describe('the entry point of a queue', () => {
  it('hands over what it could read, and the time that is left', async () => {
    const seen: Message<Body>[] = [];
    let remaining = 0;
    const handler = sqsHandler(schema, async (messages, deadline) => {
      seen.push(...messages);
      remaining = deadline.remainingMilliseconds();
      return [];
    });
    const event = eventOf(recordOf('a', '{"title":"x"}'), recordOf('b', '{"title":"y"}', 3));
    expect(idsOf(await handler(event, context))).toEqual([]);
    expect(remaining).toBe(1_234);
    expect(seen).toEqual([
      { messageId: 'a', body: { title: 'x' }, receiveCount: 1 },
      { messageId: 'b', body: { title: 'y' }, receiveCount: 3 },
    ]);
    expect(takeLog()).toBe('');
  });

  it.each(['', '{', 'null', '[]', '{"title":1}', '{"title":"x","more":1}', '\u0000'])(
    'has a message that it cannot read delivered again, and no other: %j',
    async (body) => {
      const handler = sqsHandler(schema, async () => []);
      const event = eventOf(recordOf('good', '{"title":"x"}'), recordOf('bad', body));
      expect(idsOf(await handler(event, context))).toEqual(['bad']);
    },
  );

  it('has a message that is left undone delivered again, and says why in its log', async () => {
    const handler = sqsHandler(schema, async (): Promise<Undone[]> => [
      { messageId: 'b', reason: new RangeError('throttled') },
      { messageId: 'c', reason: 'odd' },
    ]);
    const event = eventOf(...['a', 'b', 'c'].map((id) => recordOf(id, '{"title":"x"}')));
    expect(idsOf(await handler(event, context))).toEqual(['b', 'c']);
    const entries: unknown = JSON.parse(
      `[${takeLog()
        .trim()
        .replaceAll(/^\}\n\{/gm, '},{')}]`,
    );
    expect(entries).toMatchObject([
      { level: 'WARN', message: 'message_undone', messageId: 'b', errorName: 'RangeError', errorMessage: 'throttled' },
      { level: 'WARN', message: 'message_undone', messageId: 'c', errorName: 'unknown', errorMessage: 'odd' },
    ]);
  });

  it('writes nothing of a message into its log', async () => {
    const handler = sqsHandler(schema, async () => []);
    await handler(eventOf(recordOf('a', '{"title":["secret"]}'), recordOf('b', '{"title" secret}')), context);
    const log = takeLog();
    expect(log).toContain('message_undone');
    expect(log).not.toContain('secret');
  });
});

describe('messages handled one by one', () => {
  it('fail alone', async () => {
    const handled: [string, number][] = [];
    const handler = sqsHandler(
      schema,
      oneByOne(async ({ body, receiveCount }) => {
        if (body.title === 'bad') throw new Error('no');
        handled.push([body.title, receiveCount]);
      }),
    );
    const event = eventOf(...['x', 'bad', 'y'].map((title, at) => recordOf(title, JSON.stringify({ title }), at + 1)));
    expect(idsOf(await handler(event, context))).toEqual(['bad']);
    expect(handled).toEqual([
      ['x', 1],
      ['y', 3],
    ]);
  });
});
