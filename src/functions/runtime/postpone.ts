import type { SQSRecord } from 'aws-lambda';
import { isServiceFailure, sqsClient, SqsVisibility, type Postponed } from '../../aws/index.ts';
import { retryAfterSeconds } from '../../contract/index.ts';
import { OutOfTimeError, type Undone } from '../../engine/index.ts';
import { toErrorFields, log } from './log.ts';

/** The part of a queue that postponing needs. */
export type Visibility = Pick<SqsVisibility, 'postpone'>;

/** Varies a wait by up to a quarter, so that messages that failed together do not return together. */
const jitter = (seconds: number): number => Math.round(seconds * (0.75 + Math.random() / 2));

/**
 * Postpones the messages whose service failed, so that an outage does not use up one receive a minute. If a service
 * failed, the messages that the invocation had no time for are postponed as well: the failure took the time. A message
 * that failed for another reason, or whose worker died, returns after the visibility timeout of the queue.
 */
export async function postponeFailed(
  records: readonly SQSRecord[],
  undone: readonly Undone[],
  visibility: Visibility = openQueue(),
): Promise<void> {
  const hasFailed = undone.some(({ reason }) => isServiceFailure(reason));
  const isPostponed = ({ reason }: Undone): boolean =>
    isServiceFailure(reason) || (hasFailed && reason instanceof OutOfTimeError);
  const failed = new Set(undone.filter(isPostponed).map(({ messageId }) => messageId));
  const waiting = records.filter(({ messageId }) => failed.has(messageId));
  const [queueArn] = waiting.map(({ eventSourceARN }) => eventSourceARN);
  if (queueArn === undefined) return;
  try {
    const unchanged = await visibility.postpone(queueArn, waiting.map(toPostponed));
    if (unchanged > 0) log.warn('visibility_unchanged', { messages: unchanged });
  } catch (error) {
    // The messages return sooner than they should, and are one receive nearer to the dead letters.
    log.warn('visibility_unchanged', { messages: waiting.length, ...toErrorFields(error) });
  }
}

const toPostponed = ({ receiptHandle, attributes }: SQSRecord): Postponed => ({
  receiptHandle,
  seconds: jitter(retryAfterSeconds(Number(attributes.ApproximateReceiveCount))),
});

let queue: SqsVisibility | undefined;

/** Opens the queue when it is first needed: most invocations postpone nothing. */
const openQueue = (): SqsVisibility => (queue ??= new SqsVisibility(sqsClient()));
