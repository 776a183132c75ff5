import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { neutralised, unneutralised } from '../../../src/engine/index.ts';
import { programs, type Program } from './programs.ts';
import { fileNamed, upload, type Upload } from './upload.ts';

type Row = Record<string, string>;

const rowsOf = (text: string | Buffer): Row[] => parse(text, { bom: true, columns: true });
const textOf = (rows: readonly Row[]): string => stringify([...rows], { header: true });

const REPAIRED: Row = { title: 'Mended' };
/** The other repairs that make.sh does with programs, by the row of the first file. */
const OTHERS: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  '': { 89: { dueAt: '2027-12-31T00:00:00+00:00' }, 87: { _extra: '' } },
  '-of-json': {
    5: { _json_line: '{"title":"Mended line","detail":"it"}' },
    7: { _json_line: '', title: 'Filled by hand' },
  },
};
const repaired = (kind: string, row: Row): Row => ({
  ...row,
  ...(row['_error_code'] === 'REQUIRED' && REPAIRED),
  ...OTHERS[kind]![row['_row']!],
});

/**
 * Returns the content of a fix file that must survive: all but the messages, each cell as it was before it was written.
 * The fix file of JSON Lines has no `_extra`. That of its upload, which is CSV, has one.
 */
const contentOf = (fixFile: string, change = (cell: string): string => cell): Row[] =>
  rowsOf(fixFile).map(({ _error_message, _extra = '', ...row }) => ({
    ...Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, change(unneutralised(cell))])),
    _extra: unneutralised(_extra),
  }));

const kinds = [
  { kind: '', original: 'original.csv', tasks: 40, failures: 48 },
  { kind: '-of-json', original: 'original.jsonl', tasks: 3, failures: 15 },
];

describe.each(kinds)('the fix file of $original', ({ kind, original, tasks, failures }) => {
  const fixFile = fileNamed(`fix-file${kind}.csv`);
  let untouched: Upload;
  let repairedUpload: Upload;
  beforeAll(async () => {
    untouched = await upload(fixFile);
    repairedUpload = await upload(textOf(rowsOf(fixFile).map((row) => repaired(kind, row))));
  });

  it('is the one that the programs opened', async () => {
    const written = await upload(fileNamed(original));
    expect(contentOf(written.fixFile)).toEqual(contentOf(fixFile.toString()));
    expect(untouched.failures).toEqual(written.failures);
    expect(untouched.tasks.size).toBe(0);
    expect(contentOf(untouched.fixFile)).toEqual(contentOf(fixFile.toString()));
  });

  it('imports the repaired rows and no others', () => {
    expect([repairedUpload.tasks.size, repairedUpload.failures.size]).toEqual([tasks, failures]);
  });

  it.each(programs)('survives $name', async ({ name, isRepaired, damages, otherCodes = {} }: Program) => {
    const outcome = await upload(fileNamed(`${name}${kind}.csv`));
    const due = isRepaired ? repairedUpload : untouched;
    const damaged = <Cell>(cell: Cell): Cell | string =>
      typeof cell === 'string' ? damages.reduce((now, damage) => damage(now), cell as string) : cell;
    expect(outcome.tasks).toEqual(new Map([...due.tasks].map(([row, cells]) => [row, cells.map(damaged)])));
    const codes = kind === '' ? {} : otherCodes;
    expect(outcome.failures).toEqual(new Map([...due.failures].map(([row, code]) => [row, codes[row] ?? code])));
    const isSame = ({ _row }: Row): boolean => codes[_row!] === undefined;
    expect(contentOf(outcome.fixFile).filter(isSame)).toEqual(contentOf(due.fixFile, damaged).filter(isSame));
  });
});

describe('a fix file that was saved in another format', () => {
  const rows: string[][] = parse(fileNamed('fix-file.csv'), { bom: true });
  const header = rows[0]!;
  const csv = (some: readonly (readonly string[])[], delimiter = ','): string =>
    stringify(
      some.map((cells) => [...cells]),
      { delimiter },
    );
  const without = (...names: string[]): string =>
    csv(rows.map((cells) => cells.filter((_, index) => !names.includes(header[index]!))));
  const emptied = (cells: readonly string[]): readonly string[] =>
    cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);

  const forms: readonly [what: string, bytes: string | Uint8Array][] = [
    ['empty cells added to each row and the header', csv(rows.map((cells) => [...cells, '', '']))],
    [
      'empty cells added to each row but the header',
      csv(rows.map((cells, index) => (index === 0 ? cells : [...cells, '', '']))),
    ],
    ['empty cells dropped at the end of each row', csv(rows.map(emptied))],
    ['a number before each row', csv(rows.map((cells, index) => [index === 0 ? '' : String(index), ...cells]))],
    ['its columns reversed', csv(rows.map((cells) => cells.toReversed()))],
    ['names in capitals, with blanks around', csv([header.map((name) => ` ${name.toUpperCase()} `), ...rows.slice(1)])],
    ['names as R writes them', csv([header.map((name) => name.replace(/^_/, 'X_')), ...rows.slice(1)])],
    ['a byte-order mark that was read as letters', `ï»¿${csv(rows)}`],
    ['a byte-order mark before a quoted name', `\uFEFF"${csv(rows).replace(',', '",')}`],
    ['everything in quotes', stringify(rows, { quoted: true, record_delimiter: '\r\n' })],
    ['semicolons', csv(rows, ';')],
    ['UTF-16, as Excel saves Unicode text', Buffer.from(`\uFEFF${csv(rows, '\t')}`, 'utf16le')],
    ['no column _row', without('_row')],
    ['no column of messages', without('_error_message', '_error_column')],
    ['no column _extra', without('_extra')],
    ['no column but _error_code', without('_row', '_error_message', '_error_column', '_extra')],
    ['no column but _error_code and _extra', without('_row', '_error_message', '_error_column')],
  ];

  it.each(forms)('with %s fails for the same reasons', async (_, bytes) => {
    const [untouched, saved] = [await upload(fileNamed('fix-file.csv')), await upload(bytes)];
    expect(saved.failures).toEqual(untouched.failures);
    expect(saved.tasks.size).toBe(0);
  });

  it('with only _error_code left has no apostrophe in its tasks', async () => {
    const { tasks } = await upload("title,_error_code\n'-5 degrees,INVALID_DATE\n");
    expect([...tasks.values()][0]![0]).toBe('-5 degrees');
  });

  it('is distinguished from a file that happens to have a column _row', async () => {
    const { tasks } = await upload("_row,title\n1,'-5 degrees\n");
    expect([...tasks.values()][0]![0]).toBe("'-5 degrees");
  });

  it('keeps the row numbers of the first file, even with new rows in between', async () => {
    const [, ...some] = rows.slice(0, 4);
    const second = await upload(
      csv([header, ...some.toReversed(), header.map((name) => (name === 'detail' ? 'new' : ''))]),
    );
    expect(rowsOf(second.fixFile).map((row) => row['_row'])).toEqual([...some.map(([row]) => row).toReversed(), '']);
    expect(rowsOf((await upload(second.fixFile)).fixFile)).toEqual(rowsOf(second.fixFile));
  });
});

describe('the fix file of', () => {
  const names = (count: number): string => Array.from({ length: count - 1 }, (_, index) => `,c${index}`).join('');
  const KIB = 1024;
  const large: readonly [what: string, content: string, code: string][] = [
    ['a row of 65,500 bytes', `title,x\n,${'x'.repeat(65_498)}\n`, 'REQUIRED'],
    ['a row of 65,536 bytes of quotes', `title,x\n,a${'"'.repeat(64 * KIB - 3)}\n`, 'REQUIRED'],
    ['a row of 65,536 bytes of line breaks', `title,x\n,"${'\n'.repeat(64 * KIB - 4)}"\n`, 'REQUIRED'],
    ['a row of 32,767 cells', `title,x\n${'x,'.repeat(32 * KIB - 1)}\n`, 'TOO_MANY_FIELDS'],
    ['a row of 1,000 cells that are formulas', `title${names(1_000)}\n${',-'.repeat(999)}\n`, 'REQUIRED'],
    ...[997, 998, 999, 1_000].map((count): [string, string, string] => [
      `a row of ${count} columns`,
      `title${names(count)}\n${','.repeat(count - 1)}\n`,
      'REQUIRED',
    ]),
    ['a short row of 1,000 columns', `title${names(1_000)}\n""\n`, 'REQUIRED'],
    ['a row of 300,000 bytes', `title,x\nOne,${'x'.repeat(300_000)}\n`, 'ROW_TOO_LARGE'],
    ['a row of 100,000 cells', `title,x\n${'x,'.repeat(100_000)}\n`, 'ROW_TOO_LARGE'],
    ['a row with wrong quotes', 'title,x\n"a" b,c\n', 'INVALID_QUOTES'],
    ['a row with wrong quotes in an unknown column', 'title,x\na,"5" nail"\n', 'INVALID_QUOTES'],
    ['a header of 64 KiB', `title,${'x'.repeat(64 * KIB - 7)}\n,a\n`, 'REQUIRED'],
    ['a line of 64 KiB that is not JSON', `{"title":"a"}\n{${'"'.repeat(64 * KIB - 1)}\n`, 'INVALID_JSON'],
    ['a line of 64 KiB that is JSON', `{"title":"a"}\n{"title":"","x":"${'\\"'.repeat(32_700)}"}\n`, 'REQUIRED'],
  ];

  it.each(large)('%s can be uploaded, and so can the next one', async (_, content, code) => {
    let { fixFile, failures } = await upload(content);
    for (let round = 0; round < 2; round += 1) {
      expect([...failures.values()]).toEqual([code]);
      const next = await upload(fixFile);
      expect(next.failed).toBeUndefined();
      expect(contentOf(next.fixFile)).toEqual(contentOf(fixFile));
      ({ fixFile, failures } = next);
    }
  });

  it('a file does not grow without a limit, because a row that a caller enlarges fails', async () => {
    const { fixFile } = await upload('title,x\n,a\n');
    const [row] = rowsOf(fixFile);
    const grown = (bytes: number) => upload(textOf([{ ...row!, x: 'x'.repeat(bytes) }]));
    expect([...(await grown(100 * KIB)).failures.values()]).toEqual(['REQUIRED']);
    expect([...(await grown(115 * KIB)).failures.values()]).toEqual(['ROW_TOO_LARGE']);
  });
});

describe('the options of an upload', () => {
  const text = 'title,detail,dueAt\n,NA,2026-07-31 08:00\n,"NULL",2026-10-25 02:30\n';
  const options = { timeZone: 'Europe/Berlin', nullWords: ['NA', 'NULL'] };
  const titled = (fixFile: string): string => textOf(rowsOf(fixFile).map((row) => ({ ...row, title: 'Mended' })));

  it('are in its fix file, which is uploaded without any', async () => {
    const first = await upload(text, options);
    const second = await upload(first.fixFile);
    expect(second.failures).toEqual(new Map([2, 3].map((row) => [row, 'REQUIRED'])));
    expect(contentOf(second.fixFile)).toEqual(contentOf(first.fixFile));
    const third = await upload(titled(second.fixFile));
    expect(third.tasks).toEqual(new Map([[2, ['Mended', undefined, '2026-07-31T06:00:00.000Z', false]]]));
    expect(third.failures).toEqual(new Map([[3, 'UNCLEAR_TIME']]));
  });

  it('are replaced by those of a later upload', async () => {
    const { fixFile } = await upload(text, options);
    const { tasks } = await upload(titled(fixFile), { timeZone: 'UTC', nullWords: ['NA'] });
    expect(tasks.get(2)).toEqual(['Mended', undefined, '2026-07-31T08:00:00.000Z', false]);
    expect(tasks.get(3)).toEqual(['Mended', 'NULL', '2026-10-25T02:30:00.000Z', false]);
  });

  it('are not in the fix file of an upload without options', async () => {
    const [row] = rowsOf((await upload(text)).fixFile);
    expect(Object.keys(row!).filter((name) => /zone|words/.test(name))).toEqual([]);
  });
});

describe('broken lines of JSON', () => {
  it.each([
    '{broken',
    '{"title":"cut off',
    '{"title":["a"]}',
    '{"title":{"a":1}}',
    '{"title":"a","isComplete":[]}',
    '[]',
    '["a"]',
    '1',
    '-1',
    '1.50',
    'null',
    'true',
    '"text"',
    "{'title':'a'}",
    '{"title":"a",}',
    '{"title":"a"} {"title":"b"}',
    '{"title":"raw\ttab"}',
    '=1+1',
    "'",
    'title,detail',
    '﻿{"title":"a"}}',
    '// a comment',
    '2027-01-31',
    'a\rb',
  ])('%j fails again, and is imported once it is repaired', async (line) => {
    const first = await upload(`{"title":"ok"}\n${line}\n`);
    expect([...first.failures.values()]).toEqual(['INVALID_JSON']);
    const again = await upload(first.fixFile);
    expect([again.tasks.size, ...again.failures.values()]).toEqual([0, 'INVALID_JSON']);
    expect(contentOf(again.fixFile)).toEqual(contentOf(first.fixFile));
    const [row] = rowsOf(again.fixFile);
    const with_ = (changes: Row) => upload(textOf([{ ...row!, ...changes }]));
    const repairedUpload = await with_({ _json_line: '{"title":"-5","detail":"x"}' });
    expect([...repairedUpload.tasks.values()]).toEqual([['-5', 'x', undefined, false]]);
    const filled = await with_({ _json_line: '', title: neutralised('-5') });
    expect([...filled.tasks.values()]).toEqual([['-5', undefined, undefined, false]]);
    expect([...(await with_({ title: 'a' })).failures.values()]).toEqual(['INVALID_JSON']);
    const both = await with_({ _json_line: '{"title":"a"}', title: 'b' });
    expect([...both.failures.values()]).toEqual(['LINE_AND_COLUMNS']);
  });
});
