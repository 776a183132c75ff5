/** The SDK throws such an error for every call that fails. If a connection failed, it has no `$fault`. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: { readonly throttling?: boolean };
}

const isSdkError = (error: unknown): error is SdkError => error instanceof Error && '$metadata' in error;

/** The errors by which services throttle. Their `$fault` is `client`, as if the request were wrong. */
const THROTTLING_ERRORS: ReadonlySet<string> = new Set([
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

/** The request itself is wrong, and would be refused again. */
const FINAL_ERRORS: ReadonlySet<string> = new Set(['ValidationException', 'InvalidMessageContents']);

/** DynamoDB refuses an item for its size or its values. For all other validation errors the deployment is to blame. */
const ABOUT_AN_ITEM = /Item size|Nesting Levels|AttributeValue|Number overflow|numeric value|significant digits/;
const ABOUT_A_KEY = /\bkey\b|schema/i;

/** A service kept refusing a part of a call. The message that caused the call is delivered again later. */
export class StillRefusedError extends Error {
  override readonly name = 'StillRefusedError';

  constructor(operation: string, left: number, attempts: number) {
    super(
      `${operation} left ${left} entries undone after ${attempts} attempts, because the service throttles. The next delivery tries them again.`,
    );
  }
}

/**
 * A service did not respond in time, or broke off its response. The call may have taken effect or not; it is repeated.
 */
export class NoResponseError extends Error {
  override readonly name = 'NoResponseError';
}

const OWN_ERRORS = [StillRefusedError, NoResponseError];

/** The service throttles, fails or cannot be reached. The same call may succeed in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (OWN_ERRORS.some((kind) => error instanceof kind)) return true;
  if (!isSdkError(error)) return false;
  const { name, $fault, $metadata, $retryable } = error;
  const hasResponded = $metadata?.httpStatusCode !== undefined;
  const hasFailed = $fault === 'server' || Number($metadata?.httpStatusCode) >= 500;
  return !hasResponded || hasFailed || THROTTLING_ERRORS.has(name) || $retryable?.throttling === true;
}

/** A service failed, and the same call may succeed later: it is unavailable, or denies a right that a role lacks. */
export const isServiceFailure = (error: unknown): boolean =>
  isUnavailable(error) || (isSdkError(error) && !FINAL_ERRORS.has(error.name));

/** The table refuses an item for its content. Any other refusal is no verdict on the item. */
export const isRefusedForGood = (error: unknown): error is Error =>
  isSdkError(error) &&
  error.name === 'ValidationException' &&
  ABOUT_AN_ITEM.test(error.message) &&
  !ABOUT_A_KEY.test(error.message);
