import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { EventSources } from '../../local/event-sources/event-sources.ts';
import type { SqsEvent } from '../../local/event-sources/sqs-event.ts';
import type { DeployedMapping } from '../../local/model.ts';
import { FunctionLogs } from '../../local/runtime/function-logs.ts';
import type { InvocationResult } from '../../local/runtime/invocation.ts';
import { Runtime } from '../../local/runtime/runtime.ts';
import { timeFactor } from '../../local/time-factor.ts';
import { throwAwayStack, type ThrowAwayStack } from './throw-away-stack.ts';

type Respond = (event: SqsEvent, nth: number) => unknown;

/** The visibility timeout, in seconds, of tests that wait for a redelivery. It is longer than a deletion takes. */
const SOON = String(Math.ceil(timeFactor() / 3));

describe('an event source mapping', () => {
  let server: FauxqsServer;
  let client: SQSClient;
  let own: ThrowAwayStack | undefined;
  let sources: EventSources | undefined;
  let queueUrl: string;
  const errors: string[] = [];

  beforeEach(async () => {
    server = await startFauxqs({ port: 0, logger: false });
    const endpoint = `http://127.0.0.1:${server.port}`;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new SQSClient({ region: 'us-east-1', endpoint, credentials });
    const created = await client.send(new CreateQueueCommand({ QueueName: 'Work' }));
    queueUrl = created.QueueUrl ?? '';
    errors.length = 0;
  });
  afterEach(async () => {
    await sources?.stop();
    await own?.[Symbol.asyncDispose]();
    client.destroy();
    await server.stop();
    sources = own = undefined;
  });

  const mapping = (overrides: Partial<DeployedMapping> = {}): DeployedMapping => ({
    logicalId: 'Mapping',
    functionLogicalId: 'Worker',
    queueUrl,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:Work',
    batchSize: 10,
    batchingWindowSeconds: 0,
    maximumConcurrency: undefined,
    reportBatchItemFailures: true,
    ...overrides,
  });

  /**
   * Maps the queue to a function of the test and records every invocation. `until` resolves when a condition is
   * reached.
   */
  async function listen(
    respond: Respond,
    options: { mapping?: Partial<DeployedMapping>; deliveries?: number; shuffle?: number } = {},
  ) {
    own = await throwAwayStack({
      functions: { Worker: { code: '' } },
      endpoints: { sqs: `http://127.0.0.1:${server.port}` },
      mappings: [mapping(options.mapping)],
    });
    const events: SqsEvent[] = [];
    const waiting: { reached: () => boolean; resolve: () => void }[] = [];
    const invoke = async (_: string, event: unknown): Promise<InvocationResult> => {
      events.push(event as SqsEvent);
      const ok = respond(event as SqsEvent, events.length);
      waiting.filter(({ reached }) => reached()).forEach(({ resolve }) => resolve());
      return resultOf(await ok);
    };
    const { deliveries, shuffle } = options;
    sources = new EventSources(own.stack.mappings, own.stack, invoke, {
      deliveries,
      shuffle,
      onError: (message) => errors.push(message),
    });
    const until = (reached: () => boolean) =>
      new Promise<void>((resolve) => (reached() ? resolve() : waiting.push({ reached, resolve })));
    return { events, until, bodies: () => events.flatMap(({ Records }) => Records.map(({ body }) => body)) };
  }

  const resultOf = (ok: unknown): InvocationResult =>
    ok instanceof Error ? { error: { type: 'Error', message: ok.message, trace: [], requestId: '' } } : { ok };

  const send = (body: string) => client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  async function sendMany(count: number): Promise<void> {
    for (let from = 0; from < count; from += 10) {
      const Entries = Array.from({ length: Math.min(10, count - from) }, (_, n) => ({
        Id: String(n),
        MessageBody: String(from + n),
      }));
      await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }
  /** Shortens the visibility timeout. Until then, a message that is not deleted at once is delivered only once. */
  const redeliverSoon = () =>
    client.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: SOON } }));
  const messagesLeft = () => {
    const { ready = [], inflight = [] } = server.inspectQueue('Work')?.messages ?? {};
    return ready.length + inflight.length;
  };

  it('delivers a message and deletes it', async () => {
    const { until, bodies } = await listen(() => null);
    await send('hello');
    await until(() => bodies().length === 1);
    await sources?.stop();
    expect(bodies()).toEqual(['hello']);
    expect(messagesLeft()).toBe(0);
  });

  it('receives a message at once after idle waiting', async () => {
    let received = 0;
    const { until, events } = await listen(() => void (received = performance.now()));
    const delays: number[] = [];
    for (let n = 1; n <= 5; n++) {
      await send('ping');
      const sent = performance.now();
      await until(() => events.length === n);
      delays.push(received - sent);
    }
    // A poller that sleeps between its receives would take longer on any machine.
    expect(Math.min(...delays)).toBeLessThan(20 * timeFactor());
  });

  it('runs as many invocations as allowed, with full batches', async () => {
    await sendMany(100);
    let running = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    const { until, bodies, events } = await listen(
      async () => {
        most = Math.max(most, ++running);
        if (running === 3) full.resolve();
        await full.promise;
        running--;
        return null;
      },
      { mapping: { maximumConcurrency: 3 } },
    );
    await until(() => bodies().length === 100);
    expect(most).toBe(3);
    expect(events.map(({ Records }) => Records.length)).toEqual(Array.from({ length: 10 }, () => 10));
    expect(new Set(bodies()).size).toBe(100);
  });

  it('respects a batch size below ten', async () => {
    await sendMany(10);
    const { until, bodies, events } = await listen(() => null, { mapping: { batchSize: 4 } });
    await until(() => bodies().length === 10);
    expect(events.map(({ Records }) => Records.length)).toEqual([4, 4, 2]);
  });

  it('collects several receives in its batching window', async () => {
    await sendMany(25);
    const { until, events } = await listen(() => null, { mapping: { batchSize: 25, batchingWindowSeconds: 1 } });
    await until(() => events.length === 1);
    expect(events[0]?.Records).toHaveLength(25);
  });

  it('redelivers only the messages that were reported as failed, after their visibility timeout', async () => {
    await redeliverSoon();
    await sendMany(3);
    const { until, events } = await listen(({ Records }, nth) => ({
      batchItemFailures: nth === 1 ? [{ itemIdentifier: Records[1]?.messageId }] : [],
    }));
    await until(() => events.length === 2);
    await sources?.stop();
    expect(events[1]?.Records.map(({ body, attributes }) => [body, attributes['ApproximateReceiveCount']])).toEqual([
      ['1', '2'],
    ]);
    expect(messagesLeft()).toBe(0);
  });

  it('redelivers the whole batch when the function fails', async () => {
    await redeliverSoon();
    await sendMany(3);
    const { until, events, bodies } = await listen((_, nth) => (nth === 1 ? new Error('no') : null));
    await until(() => events.length >= 2 && bodies().length >= 6);
    await sources?.stop();
    expect(messagesLeft()).toBe(0);
  });

  it('moves a message that never succeeds to the dead-letter queue', async () => {
    const dead = server.createQueue('Dead');
    const poison = await client.send(
      new CreateQueueCommand({
        QueueName: 'Poison',
        Attributes: {
          VisibilityTimeout: SOON,
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.queueArn, maxReceiveCount: 2 }),
        },
      }),
    );
    queueUrl = poison.QueueUrl ?? '';
    const { until, events } = await listen(() => new Error('never'));
    await send('poison');
    await until(() => events.length === 2);
    let moved = '0';
    while (moved === '0') {
      const command = { QueueUrl: dead.queueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
      moved =
        (await client.send(new GetQueueAttributesCommand(command))).Attributes?.['ApproximateNumberOfMessages'] ?? '0';
    }
    expect(moved).toBe('1');
    expect(events).toHaveLength(2);
  });

  it('continues the receive count in the dead-letter queue, and parks a message that fails there too', async () => {
    const parked = server.createQueue('Parked');
    const create = async (QueueName: string, deadLetterTargetArn: string, maxReceiveCount: number) => {
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
      const Attributes = { VisibilityTimeout: SOON, RedrivePolicy };
      return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    };
    const deadUrl = await create('Dead', parked.queueArn, 5);
    queueUrl = await create('Poison', 'arn:aws:sqs:us-east-1:000000000000:Dead', 2);
    await listen(() => new Error('never'));
    await send('poison');
    const counts: number[] = [];
    const deadLetters = new EventSources(
      [mapping({ logicalId: 'DeadLetters', queueUrl: deadUrl })],
      own!.stack,
      async (_, event) => {
        counts.push(Number((event as SqsEvent).Records[0]?.attributes['ApproximateReceiveCount']));
        return resultOf(new Error('never'));
      },
      { onError: (message) => errors.push(message) },
    );
    while (server.inspectQueue('Parked')?.messages.ready.length !== 1) {
      await client.send(new GetQueueAttributesCommand({ QueueUrl: parked.queueUrl, AttributeNames: ['All'] }));
    }
    await deadLetters.stop();
    // AWS: "the number of times a message has been received across all queues but not deleted".
    expect(counts.every((count) => count > 2 && count <= 5)).toBe(true);
    expect(counts.length).toBeGreaterThanOrEqual(2);
  });

  it('delivers every batch more than once if configured', async () => {
    const { until, events } = await listen(() => null, { deliveries: 2 });
    await send('twice');
    await until(() => events.length === 2);
    await sources?.stop();
    expect(events.map(({ Records }) => Records[0]?.attributes['ApproximateReceiveCount'])).toEqual(['1', '2']);
    expect(messagesLeft()).toBe(0);
  });

  it('delivers messages in another order if configured, and releases those it holds', async () => {
    await sendMany(200);
    const hold = Promise.withResolvers<void>();
    const { until, events, bodies } = await listen(async (_, nth) => (nth > 10 ? hold.promise : null), { shuffle: 7 });
    await until(() => events.length === 11);
    const stopping = sources?.stop();
    hold.resolve();
    await stopping;
    const seen = bodies().map(Number);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).not.toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.length + messagesLeft()).toBe(200);
  });

  it('waits for running invocations when it stops, deletes their messages, and leaves the others in the queue', async () => {
    await sendMany(60);
    const hold = Promise.withResolvers<void>();
    const { events, until } = await listen(async () => hold.promise, { mapping: { maximumConcurrency: 2 } });
    await until(() => events.length === 2);
    const stopping = sources?.stop();
    hold.resolve();
    await stopping;
    expect(events).toHaveLength(2);
    expect(messagesLeft()).toBe(40);
  });

  it('runs a real function', async () => {
    own = await throwAwayStack({
      functions: {
        Worker: {
          code: `import { appendFileSync } from 'node:fs';
            export const handler = async ({ Records }) => { appendFileSync(process.env.SEEN, Records.map((r) => r.body + '\\n').join('')); };`,
        },
      },
      endpoints: { sqs: `http://127.0.0.1:${server.port}` },
      mappings: [mapping()],
    });
    const seen = `${own.folder}/seen.txt`;
    const worker = own.stack.functions.get('Worker');
    if (worker) Object.assign(worker, { environment: { SEEN: seen } });
    const runtime = new Runtime(own.stack, new FunctionLogs({}));
    const invoked = Promise.withResolvers<InvocationResult>();
    const invoke = async (id: string, event: unknown) => {
      const result = await runtime.invoke(id, event);
      invoked.resolve(result);
      return result;
    };
    sources = new EventSources(own.stack.mappings, own.stack, invoke, { onError: (message) => errors.push(message) });
    await send('through and through');
    expect(await invoked.promise).toEqual({ ok: null });
    await sources.stop();
    await runtime.stop();
    expect(messagesLeft()).toBe(0);
    expect(errors).toEqual([]);
  });
});
