import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Deadline, Undone } from '../../engine/index.ts';
import { NoResponseError } from '../../aws/index.ts';
import { fieldsOfError, log } from './log.ts';
import { postponeFailed, type Visibility } from './postpone.ts';
import { finishedWithin, earlier } from './time-limit.ts';

/** A message whose body has been read and checked. */
export interface Message<Body> {
  readonly messageId: string;
  readonly body: Body;
  /** From 1. */
  readonly receiveCount: number;
}

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Time kept back to put messages off. */
const RESERVE_MILLISECONDS = 2_000;

/**
 * The entry point of a queue. A message that cannot be read, and every one that `handle` names, is delivered again and
 * ends in the dead-letter queue; the others are done. One whose service failed comes again later each time. If services
 * leave the function waiting until its time is nearly up, all of them have failed: were it ended, it would seem to have
 * died over the messages. Nothing is thrown for a single message: a throw would fail its neighbours.
 */
export function sqsHandler<Body>(
  schema: z.ZodType<Body>,
  handle: (messages: readonly Message<Body>[], deadline: Deadline) => Promise<readonly Undone[]>,
  visibility?: Visibility,
): SqsHandler {
  return async function handler(event, context) {
    const body = jsonText.pipe(schema);
    const messages: Message<Body>[] = [];
    const undone: Undone[] = [];
    for (const { messageId, attributes, ...record } of event.Records) {
      const read = body.safeParse(record.body);
      const receiveCount = Number(attributes.ApproximateReceiveCount);
      if (read.success) messages.push({ messageId, body: read.data, receiveCount });
      else undone.push({ messageId, reason: read.error });
    }
    const deadline = { remainingMilliseconds: () => context.getRemainingTimeInMillis() };
    undone.push(...(await undoneOf(messages, handle(messages, deadline), earlier(deadline, RESERVE_MILLISECONDS))));
    for (const { messageId, reason } of undone) log.warn('message_undone', { messageId, ...fieldsOfError(reason) });
    await postponeFailed(event.Records, undone, visibility);
    return { batchItemFailures: undone.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function undoneOf<Body>(
  messages: readonly Message<Body>[],
  handling: Promise<readonly Undone[]>,
  deadline: Deadline,
): Promise<readonly Undone[]> {
  try {
    return await finishedWithin(deadline.remainingMilliseconds(), handling);
  } catch (reason) {
    if (!(reason instanceof NoResponseError)) throw reason;
    return messages.map(({ messageId }) => ({ messageId, reason }));
  }
}

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.addIssue('the body is not JSON');
    return z.NEVER;
  }
});

/** For queues whose messages are handled one by one: each by itself, whatever becomes of the others. */
export const oneByOne =
  <Body>(handle: (message: Message<Body>, deadline: Deadline) => Promise<void>) =>
  async (messages: readonly Message<Body>[], deadline: Deadline): Promise<readonly Undone[]> => {
    const undone: Undone[] = [];
    for (const message of messages) {
      try {
        await handle(message, deadline);
      } catch (reason) {
        undone.push({ messageId: message.messageId, reason });
      }
    }
    return undone;
  };
