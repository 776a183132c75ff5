/**
 * Every error that the SDK throws for a call tells about that call; one of a connection has no fault, as nobody
 * answered.
 */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: { readonly throttling?: boolean };
}

const isOfSdk = (error: unknown): error is SdkError => error instanceof Error && '$metadata' in error;

/** What tables, queues, topics and buckets say when they are asked for too much; to them it is the caller's fault. */
const IS_THROTTLING: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** The request is at fault itself: sent again, it is refused again. */
const IS_FOR_GOOD: ReadonlySet<string> = new Set(['ValidationException', 'InvalidMessageContents']);

/**
 * What DynamoDB refuses an item for: its size or its values. All else that it calls invalid is the fault of a
 * deployment.
 */
const IS_OF_AN_ITEM = /Item size|Nesting Levels|AttributeValue|Number overflow|numeric value|significant digits/;
const IS_OF_A_KEY = /\bkey\b|schema/i;

/** A service kept refusing part of a call. The message that caused it is delivered again later. */
export class StillRefusedError extends Error {
  override readonly name = 'StillRefusedError';

  constructor(operation: string, left: number, attempts: number) {
    super(
      `${operation} left ${left} entries undone after ${attempts} attempts; the service is throttling. They are tried again with the next delivery.`,
    );
  }
}

/**
 * A service did not answer in time, or broke off its answer. What was asked for may be done or not, and is asked for
 * again.
 */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

const OF_OURS = [StillRefusedError, UnansweredError];

/** A service is throttling, down or out of reach: the same call may succeed in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (OF_OURS.some((ours) => error instanceof ours)) return true;
  if (!isOfSdk(error)) return false;
  const { name, $fault, $metadata, $retryable } = error;
  const hasResponded = $metadata?.httpStatusCode !== undefined;
  const isToBlame = $fault === 'server' || Number($metadata?.httpStatusCode) >= 500;
  return !hasResponded || isToBlame || IS_THROTTLING.has(name) || $retryable?.throttling === true;
}

/**
 * A service did not do what it was asked, and may do it later: it is unavailable, or it denies what a role has to be
 * given.
 */
export const isServiceFailure = (error: unknown): boolean =>
  isUnavailable(error) || (isOfSdk(error) && !IS_FOR_GOOD.has(error.name));

/** A table refuses an item for what is in it. A refusal that says anything else is no verdict on the item. */
export const isRefusedForGood = (error: unknown): error is Error =>
  isOfSdk(error) &&
  error.name === 'ValidationException' &&
  IS_OF_AN_ITEM.test(error.message) &&
  !IS_OF_A_KEY.test(error.message);
