import { setTimeout as pause } from 'node:timers/promises';
import { timeFactor } from '../../../local/time-factor.ts';

const INTERVAL_MS = 20;
const LIMIT_MS = 60_000 * timeFactor();

/**
 * Reads a state again and again until it is the awaited one. An error names the awaited state and the last one read.
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
    const state = await read();
    if (isReached(state)) return state;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${limitMs / 1_000} s for ${awaited}; it is still ${JSON.stringify(state, null, 2)}`);
    }
    await pause(intervalMs);
  }
}
