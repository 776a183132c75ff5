import type { InvocationResult } from '../runtime/invocation.ts';

/**
 * Returns for each message of a batch whether Lambda deletes it, by its rules:
 *
 * | the function                                                        | deleted               |
 * | ------------------------------------------------------------------- | --------------------- |
 * | threw, timed out, crashed                                           | none                  |
 * | returned, and the mapping does not report batch item failures       | all                   |
 * | returned nothing, null, `{}`, or a null or empty `batchItemFailures` | all                   |
 * | named messages of this batch                                        | all but those         |
 * | named an unknown, empty or null `itemIdentifier`                    | none                  |
 * | returned anything else                                              | none, nothing is lost |
 */
export function batchVerdict(
  result: InvocationResult,
  messageIds: readonly string[],
  reportBatchItemFailures: boolean,
): readonly boolean[] {
  if ('error' in result) return messageIds.map(() => false);
  const failed = reportBatchItemFailures ? readFailedIds(result.ok, messageIds) : new Set<unknown>();
  return messageIds.map((id) => failed !== 'all' && !failed.has(id));
}

function readFailedIds(response: unknown, messageIds: readonly string[]): ReadonlySet<unknown> | 'all' {
  if (isNothing(response) || response === '') return new Set();
  if (typeof response !== 'object' || Array.isArray(response)) return 'all';
  const failures: unknown = 'batchItemFailures' in response ? response.batchItemFailures : undefined;
  if (isNothing(failures)) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const known = new Set<unknown>(messageIds);
  const named = failures.map(readItemIdentifier);
  return named.every((id) => known.has(id)) ? new Set(named) : 'all';
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined;

const readItemIdentifier = (failure: unknown): unknown =>
  typeof failure === 'object' && failure && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined;
