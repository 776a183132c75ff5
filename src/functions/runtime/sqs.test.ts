import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { takeLog } from '../../../test/kit/captured-log.ts';
import * as z from 'zod';
import type { Postponed } from '../../aws/index.ts';
import { OutOfTimeError, type Undone } from '../../engine/index.ts';
import type { Visibility } from './postpone.ts';
import { handleEach, sqsHandler, type Message } from './sqs.ts';

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
const context = { getRemainingTimeInMillis: () => 3_234 } as Context;
const idsOf = ({ batchItemFailures }: SQSBatchResponse) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

beforeEach(() => void takeLog());

describe('the entry point of a queue', () => {
  it('passes on the messages that it can read, and the time that is left', async () => {
    const seen: Message<Body>[] = [];
    let remaining = 0;
    const handler = sqsHandler(schema, async (messages, deadline) => {
      seen.push(...messages);
      remaining = deadline.remainingMilliseconds();
      return [];
    });
    const event = eventOf(recordOf('a', '{"title":"x"}'), recordOf('b', '{"title":"y"}', 3));
    expect(idsOf(await handler(event, context))).toEqual([]);
    expect(remaining).toBe(3_234);
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

  it('logs no content of a message', async () => {
    const handler = sqsHandler(schema, async () => []);
    await handler(eventOf(recordOf('a', '{"title":["secret"]}'), recordOf('b', '{"title" secret}')), context);
    const log = takeLog();
    expect(log).toContain('message_undone');
    expect(log).not.toContain('secret');
  });
});

describe('a message whose service failed', () => {
  const ARN = 'arn:aws:sqs:us-east-1:000000000000:queue';
  const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException', $metadata: { attempts: 3 } });
  const denied = Object.assign(new Error('no'), {
    name: 'AccessDeniedException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
  const invalid = Object.assign(new Error('no'), {
    name: 'ValidationException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
  const failing = (reasons: Readonly<Record<string, unknown>>, visibility: Visibility) =>
    sqsHandler(
      schema,
      async (): Promise<Undone[]> => Object.entries(reasons).map(([messageId, reason]) => ({ messageId, reason })),
      visibility,
    );
  const records = (...counts: number[]) =>
    eventOf(...counts.map((count, at) => ({ ...recordOf(`m${at}`, '{"title":"x"}', count), receiptHandle: `r${at}` })));

  it('is postponed, longer each time; any other message returns after the visibility timeout', async () => {
    const asked: [string, readonly Postponed[]][] = [];
    const visibility: Visibility = { postpone: async (arn, messages) => (asked.push([arn, messages]), 0) };
    const reasons = { m0: throttled, m1: denied, m2: new TypeError('ours'), m3: invalid, m4: throttled };
    const response = await failing(reasons, visibility)(records(1, 3, 1, 1, 40, 1), context);
    expect(idsOf(response)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect(asked.map(([arn]) => arn)).toEqual([ARN]);
    const messages = asked.flatMap(([, some]) => some);
    expect(messages.map(({ receiptHandle }) => receiptHandle)).toEqual(['r0', 'r1', 'r4']);
    [60, 240, 900].forEach((wait, at) => {
      expect(messages[at]?.seconds).toBeGreaterThanOrEqual(wait * 0.75);
      expect(messages[at]?.seconds).toBeLessThanOrEqual(wait * 1.25);
    });
  });

  it('is postponed with the messages that the invocation had no time for, which alone are not postponed', async () => {
    const asked: (readonly Postponed[])[] = [];
    const visibility: Visibility = { postpone: async (_, messages) => (asked.push(messages), 0) };
    const late = new OutOfTimeError();
    await failing({ m0: throttled, m1: late, m2: new TypeError('ours'), m3: late }, visibility)(
      records(1, 3, 1, 5),
      context,
    );
    expect(asked.map((some) => some.map(({ receiptHandle }) => receiptHandle))).toEqual([['r0', 'r1', 'r3']]);
    expect(asked[0]?.[2]?.seconds).toBeGreaterThanOrEqual(900 * 0.75);
    asked.length = 0;
    await failing({ m0: late, m1: new TypeError('ours') }, visibility)(records(1, 1), context);
    expect(asked).toEqual([]);
  });

  it('is postponed with all others if services do not respond until the time is nearly up', async () => {
    const asked: (readonly Postponed[])[] = [];
    const visibility: Visibility = { postpone: async (_, messages) => (asked.push(messages), 0) };
    const handler = sqsHandler(schema, () => new Promise<never>(() => undefined), visibility);
    const nearly = { getRemainingTimeInMillis: () => 2_001 } as Context;
    expect(idsOf(await handler(records(1, 2), nearly))).toEqual(['m0', 'm1']);
    expect(asked.map((some) => some.map(({ receiptHandle }) => receiptHandle))).toEqual([['r0', 'r1']]);
  });

  it('does not call the queue if no service failed', async () => {
    const visibility: Visibility = { postpone: () => Promise.reject(new Error('asked')) };
    await failing({ m0: new TypeError('ours') }, visibility)(records(1, 1), context);
    expect(takeLog()).not.toContain('visibility_unchanged');
  });

  it.each<[string, Visibility]>([
    ['does not respond', { postpone: () => Promise.reject(throttled) }],
    ['refuses it', { postpone: async () => 1 }],
  ])('returns all the same if the queue %s, and the log says so', async (_, visibility) => {
    expect(idsOf(await failing({ m0: throttled }, visibility)(records(1, 1), context))).toEqual(['m0']);
    expect(takeLog()).toContain('visibility_unchanged');
  });
});

describe('messages that are handled one by one', () => {
  it('fail alone', async () => {
    const handled: [string, number][] = [];
    const handler = sqsHandler(
      schema,
      handleEach(async ({ body, receiveCount }) => {
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
