import type { SQSRecord } from 'aws-lambda';
import { isServiceFailure, sqsClient, SqsVisibility, type Postponed } from '../../aws/index.ts';
import { retryAfterSeconds } from '../../contract/index.ts';
import { OutOfTimeError, type Undone } from '../../engine/index.ts';
import { fieldsOfError, log } from './log.ts';

/** What postponing needs of a queue. */
export type Visibility = Pick<SqsVisibility, 'postpone'>;

/** A quarter to either side, so that what failed at once does not come again at once. */
const jittered = (seconds: number): number => Math.round(seconds * (0.75 + Math.random() / 2));

/**
 * Has messages come again later whose service failed, so that an outage does not use up their receives at one a minute.
 * What an invocation had no time for in which a service failed is among them: that took the time. What failed for any
 * other reason, and what its worker died over, comes again at the queue's own time.
 */
export async function postponeFailed(
  records: readonly SQSRecord[],
  undone: readonly Undone[],
  visibility: Visibility = theQueue(),
): Promise<void> {
  const hasFailed = undone.some(({ reason }) => isServiceFailure(reason));
  const isPutOff = ({ reason }: Undone): boolean =>
    isServiceFailure(reason) || (hasFailed && reason instanceof OutOfTimeError);
  const failed = new Set(undone.filter(isPutOff).map(({ messageId }) => messageId));
  const waiting = records.filter(({ messageId }) => failed.has(messageId));
  const [queueArn] = waiting.map(({ eventSourceARN }) => eventSourceARN);
  if (queueArn === undefined) return;
  try {
    const unchanged = await visibility.postpone(queueArn, waiting.map(postponed));
    if (unchanged > 0) log.warn('visibility_unchanged', { messages: unchanged });
  } catch (error) {
    // They come again at the queue's own time: sooner than they should, and one receive nearer to the dead letters.
    log.warn('visibility_unchanged', { messages: waiting.length, ...fieldsOfError(error) });
  }
}

const postponed = ({ receiptHandle, attributes }: SQSRecord): Postponed => ({
  receiptHandle,
  seconds: jittered(retryAfterSeconds(Number(attributes.ApproximateReceiveCount))),
});

let queue: SqsVisibility | undefined;

/** Made when it is first needed: most invocations postpone nothing. */
const theQueue = (): SqsVisibility => (queue ??= new SqsVisibility(sqsClient()));
