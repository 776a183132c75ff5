import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toJsonText } from './json-text.ts';

describe('JSON text', () => {
  it('is parsed to the same value, and has only characters that every queue accepts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (cells) => {
        const text = toJsonText(cells);
        expect(JSON.parse(text)).toEqual(cells);
        expect(text).toMatch(/^[\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd]*$/);
      }),
    );
  });

  it.each([
    ['\u0001', '"\\u0001"'],
    ['\u007f', '"\\u007f"'],
    ['\u009f', '"\\u009f"'],
    ['\uffff', '"\\uffff"'],
    ['😀', '"\\ud83d\\ude00"'],
    ['\ud83d', '"\\ud83d"'],
    ['größe €', '"größe €"'],
  ])('of %j is %s', (text, expected) => {
    expect(toJsonText(text)).toBe(expected);
  });
});
