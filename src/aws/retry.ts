import { setTimeout as wait } from 'node:timers/promises';

/** A service kept refusing part of a call. The message that caused it is delivered again later. */
export class StillRefusedError extends Error {
  override readonly name = 'StillRefusedError';

  constructor(operation: string, left: number, attempts: number) {
    super(
      `${operation} left ${left} entries undone after ${attempts} attempts; the service is throttling. They are tried again with the next delivery.`,
    );
  }
}

const ATTEMPTS = 8;
const FIRST_WAIT_MILLISECONDS = 25;
const LONGEST_WAIT_MILLISECONDS = 1_000;

/**
 * Repeats a call with exactly the entries that it left undone, waiting with full jitter in between: 25 ms, doubled up to 1 s,
 * 8 attempts, about 3 s in all at most. The SDK repeats failed calls, but not the refused entries of a call that succeeded.
 */
export async function retryRefused<Entry>(
  operation: string,
  entries: readonly Entry[],
  call: (entries: readonly Entry[]) => Promise<readonly Entry[]>,
): Promise<void> {
  let left = entries;
  for (let attempt = 1; left.length > 0; attempt++) {
    left = await call(left);
    if (left.length === 0) return;
    if (attempt === ATTEMPTS) throw new StillRefusedError(operation, left.length, attempt);
    await wait(Math.random() * Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1)));
  }
}

/** Splits into pieces of at most `size`. */
export const chunk = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));
