import { describe, expect, it } from '@jest/globals';
import { MAX_RECEIVE_COUNT, retryAfterSeconds } from './queues.ts';

describe('how long a message stays away whose service failed', () => {
  it('doubles from a minute to a quarter of an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 99].map(retryAfterSeconds)).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it('makes the receives before the dead letters last longer than an hour and a half', () => {
    const waits = Array.from({ length: MAX_RECEIVE_COUNT }, (_, index) => retryAfterSeconds(index + 1));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(105 * 60);
  });
});
