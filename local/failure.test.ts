import { describe, expect, it } from '@jest/globals';
import { sentenceOf } from './failure.ts';

const enospc = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

describe('the reason why the service cannot run', () => {
  it.each([
    ['by Node', enospc],
    ['by LevelDB', new Error('IO error: /data/dynamodb/000031.log: No space left on device')],
    ['by SQLite', new Error('database or disk is full')],
    ['by a cause', new Error('Database failed to open', { cause: enospc })],
  ])('is a full disk, as reported %s', (_, error) => {
    expect(sentenceOf(error, '/data')).toMatch(
      /^The disk with the data folder \/data is full\. Free some space and start again/,
    );
  });

  it.each([
    ['by Node', new Error('EMFILE: too many open files, open')],
    ['by LevelDB', new Error('Failed', { cause: new Error('IO error: /data/000005.ldb: Too many open files') })],
  ])('is too many open files, as reported %s', (_, error) => {
    expect(sentenceOf(error, '/data')).toMatch(/^This process may not open more files\. Raise the limit/);
  });

  it("is the error's own message otherwise, with its cause", () => {
    expect(sentenceOf(new Error('It failed', { cause: new Error('it was damaged') }), '/data')).toBe(
      'It failed (it was damaged)',
    );
    expect(sentenceOf('just text', '/data')).toBe('just text');
  });
});
