import { setTimeout as wait } from 'node:timers/promises';
import { unwrapFailure } from './batch-calls.ts';
import { isUnavailable, StillRefusedError } from './service-errors.ts';

const ATTEMPTS = 8;
const FIRST_WAIT_MILLISECONDS = 25;
const LONGEST_WAIT_MILLISECONDS = 1_000;

/** No attempt begins later. With the time limit of a call, all attempts end within the ten seconds of a worker. */
const ATTEMPTS_BEGIN_WITHIN_MILLISECONDS = 3_000;

/**
 * Repeats a call with exactly the entries that it left undone, in up to 8 attempts. It waits in between with full
 * jitter, 25 ms doubled up to 1 s: 1.3 s in all on average, 2.6 s at most. A call that is refused as a whole, because
 * the service throttles or fails, has left all its entries undone. The SDK does not repeat these calls itself
 * (`batch-calls.ts`).
 */
export async function retryRefused<Entry>(
  operation: string,
  entries: readonly Entry[],
  call: (entries: readonly Entry[]) => Promise<readonly Entry[]>,
): Promise<void> {
  const began = performance.now();
  let left = entries;
  for (let attempt = 1; left.length > 0; attempt++) {
    left = await attemptCall(call, left);
    if (left.length === 0) return;
    const isLate = performance.now() - began > ATTEMPTS_BEGIN_WITHIN_MILLISECONDS;
    if (attempt === ATTEMPTS || isLate) throw new StillRefusedError(operation, left.length, attempt);
    await wait(Math.random() * Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1)));
  }
}

/** Resolves to the entries that the call left undone. */
async function attemptCall<Entry>(
  call: (entries: readonly Entry[]) => Promise<readonly Entry[]>,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  try {
    return await call(entries);
  } catch (error) {
    const cause = unwrapFailure(error);
    // A service that throttles or fails has done nothing that counts. Every other error is thrown.
    if (isUnavailable(cause)) return entries;
    throw cause;
  }
}

/** Splits into pieces of at most `size`. */
export const chunk = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));
