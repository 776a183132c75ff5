import { describe, expect, it } from '@jest/globals';
import { allDone } from './all-done.ts';

describe('allDone', () => {
  it('resolves to the values in the order of the promises', async () => {
    expect(await allDone([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
  });

  it('rejects with the first error, but only after the others have ended', async () => {
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
