import { describe, expect, it } from '@jest/globals';
import { toEtag, readPreconditions, checkListPreconditions } from './preconditions.ts';

const ifMatch = (value: string) => readPreconditions({ 'if-match': value });
const ifNoneMatch = (value: string) => readPreconditions({ 'if-none-match': value });

describe('If-Match', () => {
  it('accepts any version if it is absent or a star', () => {
    expect([readPreconditions({}), ifMatch('*'), ifMatch(' * ')]).toEqual([{}, {}, {}]);
  });

  it('accepts the versions that it names', () => {
    expect(ifMatch(toEtag(7))).toEqual({ ifVersions: [7] });
    expect(ifMatch('"1", "2" ,"3"')).toEqual({ ifVersions: [1, 2, 3] });
    expect(ifMatch('"1", W/"2", "abc"')).toEqual({ ifVersions: [1] });
  });

  it.each(['', '7', 'W/"7"', '"x"', '"7', '"-1"', '"0"', '"01"', '"1,2"', '"1234567890123456"', '"*"'])(
    'accepts no version if it is %j',
    (value) => {
      expect(ifMatch(value)).toEqual({ ifVersions: [] });
    },
  );
});

describe('If-None-Match', () => {
  it('accepts no version if it is a star, and otherwise all but those that it names, also by weak tags', () => {
    expect(ifNoneMatch('*')).toEqual({ unlessVersions: 'any' });
    expect(ifNoneMatch('"1", W/"2", "abc"')).toEqual({ unlessVersions: [1, 2] });
    expect(ifNoneMatch('')).toEqual({ unlessVersions: [] });
  });
});

describe('the precondition of a list', () => {
  it.each([{}, { 'if-match': '*' }, { 'if-none-match': '"1"' }])('%j holds', (headers) => {
    expect(checkListPreconditions(headers)).toBeUndefined();
  });

  it.each([{ 'if-none-match': ' * ' }, { 'if-match': '"1"' }, { 'if-match': '"1"', 'if-none-match': '*' }])(
    '%j does not hold',
    (headers) => {
      const refusal = { code: 'PRECONDITION_FAILED', message: expect.stringContaining('Idempotency-Key') };
      expect(() => checkListPreconditions(headers)).toThrow(expect.objectContaining(refusal));
    },
  );
});
