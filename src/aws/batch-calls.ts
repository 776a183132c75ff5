import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Calls of many entries, whose refused entries `retryRefused` repeats. */
const BATCH_CALLS: ReadonlySet<string> = new Set([
  'BatchWriteItemCommand',
  'BatchGetItemCommand',
  'SendMessageBatchCommand',
]);

/** Carries the failure of such a call past the SDK, which repeats only errors that it knows. */
class BatchCallError extends Error {
  override readonly name = 'BatchCallError';
  /** Not `cause`: there the SDK would look. */
  readonly failure: unknown;

  constructor(failure: unknown) {
    super('A call of many entries failed');
    this.failure = failure;
  }
}

/** What made a call fail. */
export const causeOfBatchCall = (error: unknown): unknown => (error instanceof BatchCallError ? error.failure : error);

/**
 * Has a client try its calls of many entries once: the SDK waits up to 7 s for a throttled call before it tells
 * anybody, and then `retryRefused` would begin.
 */
export function tryBatchCallsOnce(client: DynamoDBClient | SQSClient): void {
  // The stacks of the clients differ in their types alone.
  const { middlewareStack } = client as SQSClient;
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw BATCH_CALLS.has(String(commandName)) ? new BatchCallError(asOfSdk(error)) : error;
        }
      },
    // Behind the SDK's own repetition, which has the highest priority of its step.
    { step: 'finalizeRequest', priority: 'low', name: 'tryBatchCallsOnce' },
  );
}

/** The SDK tells about the call in what it throws for it; the failure of a connection does not by itself. */
const asOfSdk = (error: unknown): unknown =>
  error instanceof Error && !('$metadata' in error) ? Object.assign(error, { $metadata: {} }) : error;
