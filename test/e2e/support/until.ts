import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '../../../client/index.ts';
import { timeFactor } from '../../../local/time-factor.ts';

const INTERVAL_MS = 20;
const LIMIT_MS = 60_000 * timeFactor();

const BUSY = 'too busy to respond';

/** Accepts the 503 of a function that ran out of time on a busy machine, and rethrows any other error. */
function busy(error: unknown): typeof BUSY {
  if (error instanceof ProblemError && error.status === 503) return BUSY;
  throw error;
}

/**
 * Reads a state again and again until it is the awaited one. An error names the awaited state and the last one read. A
 * response that the service is too busy is not a state, so the read is repeated.
 */
export async function until<State>(
  awaited: string,
  read: () => Promise<State>,
  isReached: (state: State) => boolean,
  limitMs = LIMIT_MS,
  intervalMs = INTERVAL_MS,
): Promise<State> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const state = await read().catch(busy);
    if (state !== BUSY && isReached(state)) return state;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${limitMs / 1_000} s for ${awaited}. It is still ${JSON.stringify(state, null, 2)}`);
    }
    await pause(intervalMs);
  }
}
