import { describe, expect, it } from '@jest/globals';
import { allDone } from './all-done.ts';

describe('allDone', () => {
  it('gives the values in the order asked for', async () => {
    expect(await allDone([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
  });

  it('rejects with the first failure, but only when the others have come to their end', async () => {
    const events: string[] = [];
    const slow = new Promise<void>((resolve) => {
      setImmediate(() => {
        events.push('slow one done');
        resolve();
      });
    });
    await allDone([Promise.reject(new Error('first')), slow, Promise.reject(new Error('second'))]).catch(
      (error: Error) => events.push(error.message),
    );
    expect(events).toEqual(['slow one done', 'first']);
  });
});
