import { describe, expect, it } from '@jest/globals';
import { fileName } from './task-file.ts';

describe('the name of a file', () => {
  it.each(['tasks.csv', 'Aufgaben für Mai & Juni (2).csv', '😀.csv', '...', '-', '__proto__', 'x'.repeat(240)])(
    'may be %s',
    (name) => {
      expect(fileName.parse(` ${name} `)).toBe(name);
    },
  );

  it.each([
    ['', 'empty'],
    ['   ', 'blank'],
    ['.', 'a folder'],
    [' .. ', 'the folder above'],
    ['../tasks.csv', 'a path'],
    ['C:\\tasks.csv', 'a path of Windows'],
    ['a\u0000.csv', 'cut at a zero'],
    ['a\r\nb.csv', 'two lines'],
    ['a\u007f.csv', 'a control character'],
    ['\ud800.csv', 'half a character'],
    ['a\u0085.csv', 'another control character'],
    ['a\u2028.csv', 'two lines'],
    ['x'.repeat(241), 'too long'],
    ['😀'.repeat(61), 'too long in bytes'],
  ])('may not be %j: %s', (name) => {
    expect(fileName.safeParse(name).success).toBe(false);
  });
});
