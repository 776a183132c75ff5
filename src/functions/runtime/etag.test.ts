import { describe, expect, it } from '@jest/globals';
import { etagOf, versionsOf } from './etag.ts';

describe('If-Match', () => {
  it('accepts any version if it is absent or a star', () => {
    expect([undefined, '*', ' * '].map(versionsOf)).toEqual([undefined, undefined, undefined]);
  });

  it('accepts the versions that it names', () => {
    expect(versionsOf(etagOf(7))).toEqual([7]);
    expect(versionsOf('"1", "2" ,"3"')).toEqual([1, 2, 3]);
    expect(versionsOf('"1", W/"2", "abc"')).toEqual([1]);
  });

  it.each(['', '7', 'W/"7"', '"x"', '"7', '"-1"', '"0"', '"01"', '"1,2"', '"1234567890123456"', '"*"'])(
    'accepts no version of ours if it is %j',
    (ifMatch) => {
      expect(versionsOf(ifMatch)).toEqual([]);
    },
  );
});
