import { setTimeout as wait } from 'node:timers/promises';
import { causeOfBatchCall } from './batch-calls.ts';
import { isUnavailable, StillRefusedError } from './service-errors.ts';

const ATTEMPTS = 8;
const FIRST_WAIT_MILLISECONDS = 25;
const LONGEST_WAIT_MILLISECONDS = 1_000;

/**
 * No attempt begins later: with its request's time limit, all of them together end within the ten seconds of a worker.
 */
const ATTEMPTS_BEGIN_WITHIN_MILLISECONDS = 3_000;

/**
 * Repeats a call with exactly the entries that it left undone, waiting with full jitter in between: 25 ms, doubled up
 * to 1 s, 8 attempts; the waits are 1.3 s on average and 2.6 s at most. A call that is refused as a whole, because the
 * service throttles or fails, has left all its entries undone: the SDK does not repeat these calls itself
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
    left = await leftBy(call, left);
    if (left.length === 0) return;
    const isLate = performance.now() - began > ATTEMPTS_BEGIN_WITHIN_MILLISECONDS;
    if (attempt === ATTEMPTS || isLate) throw new StillRefusedError(operation, left.length, attempt);
    await wait(Math.random() * Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1)));
  }
}

async function leftBy<Entry>(
  call: (entries: readonly Entry[]) => Promise<readonly Entry[]>,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  try {
    return await call(entries);
  } catch (error) {
    const cause = causeOfBatchCall(error);
    // A service that throttles or fails did nothing of it that counts; anything else is the caller's.
    if (isUnavailable(cause)) return entries;
    throw cause;
  }
}

/** Splits into pieces of at most `size`. */
export const chunk = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));
