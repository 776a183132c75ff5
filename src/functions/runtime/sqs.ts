import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Deadline, Undone } from '../../engine/index.ts';
import { NoResponseError } from '../../aws/index.ts';
import { toErrorFields, log } from './log.ts';
import { postponeFailed, type Visibility } from './postpone.ts';
import { limitTime, endEarlier } from './time-limit.ts';

/** A message whose body has been read and checked. */
export interface Message<Body> {
  readonly messageId: string;
  readonly body: Body;
  /** Counts from 1. */
  readonly receiveCount: number;
}

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Time reserved to postpone messages. */
const RESERVE_MILLISECONDS = 2_000;

/**
 * Makes the entry point of a queue. The messages that cannot be read, and those that `handle` returns, are delivered
 * again and end in the dead-letter queue; the others are done. A message whose service failed returns later each time.
 * If services do not respond until the time is nearly up, all messages have failed: if Lambda ended the function, it
 * would look as if the messages had killed it. It throws nothing for a single message, because that would fail the
 * others too.
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
    undone.push(
      ...(await awaitUndone(messages, handle(messages, deadline), endEarlier(deadline, RESERVE_MILLISECONDS))),
    );
    for (const { messageId, reason } of undone) log.warn('message_undone', { messageId, ...toErrorFields(reason) });
    await postponeFailed(event.Records, undone, visibility);
    return { batchItemFailures: undone.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function awaitUndone<Body>(
  messages: readonly Message<Body>[],
  handling: Promise<readonly Undone[]>,
  deadline: Deadline,
): Promise<readonly Undone[]> {
  try {
    return await limitTime(deadline.remainingMilliseconds(), handling);
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

/** Handles messages one after another. One that fails does not affect the others. */
export const handleEach =
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
