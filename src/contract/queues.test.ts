import { expect, it } from '@jest/globals';
import { MAX_RECEIVE_COUNT, retryAfterSeconds } from './queues.ts';

it('keeps a message whose service fails from the dead letters for an hour and three quarters, 78 minutes at least', () => {
  const waits = Array.from({ length: MAX_RECEIVE_COUNT }, (_, receive) => retryAfterSeconds(receive + 1) / 60);
  const minutes = waits.reduce((sum, wait) => sum + wait, 0);
  // Each wait is a quarter shorter at most (`src/functions/runtime/postpone.ts`).
  expect([minutes, Math.floor(minutes * 0.75)]).toEqual([105, 78]);
});
