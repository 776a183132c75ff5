import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Calls with many entries. `retryRefused` repeats the entries that are refused. */
const BATCH_CALLS: ReadonlySet<string> = new Set([
  'BatchWriteItemCommand',
  'BatchGetItemCommand',
  'SendMessageBatchCommand',
]);

/** Carries the failure of such a call past the SDK, which repeats a call only for errors that it knows. */
class BatchCallError extends Error {
  override readonly name = 'BatchCallError';
  /** Not called `cause`, because the SDK would look there. */
  readonly failure: unknown;

  constructor(failure: unknown) {
    super('A call with many entries failed');
    this.failure = failure;
  }
}

/** Takes the failure out of its carrier. */
export const unwrapFailure = (error: unknown): unknown => (error instanceof BatchCallError ? error.failure : error);

/**
 * Makes a client attempt its calls with many entries once. Otherwise the SDK would repeat a throttled call for up to 7
 * s, and `retryRefused` would begin only then.
 */
export function tryBatchCallsOnce(client: DynamoDBClient | SQSClient): void {
  // The middleware stacks of the two clients differ only in their types.
  const { middlewareStack } = client as SQSClient;
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw BATCH_CALLS.has(String(commandName)) ? new BatchCallError(toSdkError(error)) : error;
        }
      },
    // Inside the SDK's own retries, which have the highest priority of this step.
    { step: 'finalizeRequest', priority: 'low', name: 'tryBatchCallsOnce' },
  );
}

/** Marks the failure of a connection as one of a call. The SDK itself does so only in the errors that it throws. */
const toSdkError = (error: unknown): unknown =>
  error instanceof Error && !('$metadata' in error) ? Object.assign(error, { $metadata: {} }) : error;
