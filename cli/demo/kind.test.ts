import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { detectKind } from './kind.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('the kind of a file', () => {
  it.each([
    ['PK\x03\x04\x14\0\x06\0', /workbook.*Save the sheet as CSV/],
    ['\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1', /\.xls/],
    ['%PDF-1.7\n', /PDF/],
    ['PAR1\x15\x04', /Parquet.*Export/],
    ['SQLite format 3\0', /SQLite/],
    ['\x28\xB5\x2F\xFD', /Zstandard.*gzip is the only/],
    ['BZh91AY&SY', /bzip2/],
    ['\xFD7zXZ\0', /xz/],
    ['7z\xBC\xAF\x27\x1C', /7-Zip/],
    ['Rar!\x1A\x07\0', /RAR/],
  ])('that begins with %j is named, with the way out', (head, words) => {
    const kind = detectKind(bytes(head));
    expect(`${kind?.name}. ${kind?.wayOut}`).toMatch(words);
  });

  it.each([
    '',
    'title\nPK',
    'PKW,title',
    'PAR1,title',
    'BZh,title',
    '7z,title',
    'Rar!,title',
    '\xEF\xBB\xBFtitle',
    '{"title":"x"}',
  ])('that begins with %j may be text', (head) => {
    expect(detectKind(bytes(head))).toBeUndefined();
  });

  it('may be gzip', () => {
    expect(detectKind(gzipSync('title\nx\n'))).toBeUndefined();
  });
});
