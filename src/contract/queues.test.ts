import { describe, expect, it } from '@jest/globals';
import { MAX_RECEIVE_COUNT, PARK_RECEIVE_COUNT, receivedAsDeadLetterBefore } from './queues.ts';

describe('how often a dead letter was received as such before', () => {
  it('is nought at first, whether moving it counted as a receive or not', () => {
    expect(receivedAsDeadLetterBefore(1)).toBe(0);
    expect(receivedAsDeadLetterBefore(MAX_RECEIVE_COUNT + 1)).toBe(0);
    expect(receivedAsDeadLetterBefore(MAX_RECEIVE_COUNT + 2)).toBe(0);
  });

  it('grows by one with each receive, and is anything at the last', () => {
    expect([3, 4, 5].map((receives) => receivedAsDeadLetterBefore(MAX_RECEIVE_COUNT + receives))).toEqual([
      1,
      2,
      Infinity,
    ]);
    expect(receivedAsDeadLetterBefore(PARK_RECEIVE_COUNT + 1)).toBe(Infinity);
  });
});
