import { describe, expect, it } from '@jest/globals';
import { etagOf, preconditionsOf, requireOfList } from './preconditions.ts';

const ifMatch = (value: string) => preconditionsOf({ 'if-match': value });
const ifNoneMatch = (value: string) => preconditionsOf({ 'if-none-match': value });

describe('If-Match', () => {
  it('accepts any version if it is absent or a star', () => {
    expect([preconditionsOf({}), ifMatch('*'), ifMatch(' * ')]).toEqual([{}, {}, {}]);
  });

  it('accepts the versions that it names', () => {
    expect(ifMatch(etagOf(7))).toEqual({ ifVersions: [7] });
    expect(ifMatch('"1", "2" ,"3"')).toEqual({ ifVersions: [1, 2, 3] });
    expect(ifMatch('"1", W/"2", "abc"')).toEqual({ ifVersions: [1] });
  });

  it.each(['', '7', 'W/"7"', '"x"', '"7', '"-1"', '"0"', '"01"', '"1,2"', '"1234567890123456"', '"*"'])(
    'accepts no version of ours if it is %j',
    (value) => {
      expect(ifMatch(value)).toEqual({ ifVersions: [] });
    },
  );
});

describe('If-None-Match', () => {
  it('accepts no version if it is a star, and all but those that it names, weak tags as others', () => {
    expect(ifNoneMatch('*')).toEqual({ unlessVersions: 'any' });
    expect(ifNoneMatch('"1", W/"2", "abc"')).toEqual({ unlessVersions: [1, 2] });
    expect(ifNoneMatch('')).toEqual({ unlessVersions: [] });
  });
});

describe('of a list', () => {
  it.each([{}, { 'if-match': '*' }, { 'if-none-match': '"1"' }])('%j holds', (headers) => {
    expect(requireOfList(headers)).toBeUndefined();
  });

  it.each([{ 'if-none-match': ' * ' }, { 'if-match': '"1"' }, { 'if-match': '"1"', 'if-none-match': '*' }])(
    '%j does not hold',
    (headers) => {
      const refusal = { code: 'PRECONDITION_FAILED', message: expect.stringContaining('Idempotency-Key') };
      expect(() => requireOfList(headers)).toThrow(expect.objectContaining(refusal));
    },
  );
});
