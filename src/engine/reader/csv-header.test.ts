import { describe, expect, it } from '@jest/globals';
import { beginningOf, detectFormat, type Detected } from './format.ts';

const COLUMNS = [
  { name: 'title', required: true },
  { name: 'detail', required: false },
  { name: 'isComplete', required: false },
];

async function* once(text: string | Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const detect = async (text: string | Buffer): Promise<Detected> => detectFormat(await beginningOf(once(text)), COLUMNS);
/** Lines skipped, delimiter and names. */
const found = async (text: string): Promise<string> => {
  const { format, header = [], dataStart } = await detect(text);
  expect(text.slice(0, dataStart.byteOffset).split(/\r\n|\n|\r/)).toHaveLength(dataStart.line);
  return `${format.skippedLines ?? 0} ${format.delimiter} ${header.join('/')}`;
};

describe('the header', () => {
  it.each([
    ['title,detail\na,b\n', '0 , title/detail'],
    ['\n\ntitle,detail\na,b\n', '0 , title/detail'],
    ['My tasks\ntitle,detail\na,b\n', '1 , title/detail'],
    ['My tasks,,\nof today,2027-01-01,\n,,\n\n \ntitle,detail,x\na,b\n', '5 , title/detail/x'],
    ['1\n2\n3\n4\n5\ntitle,detail\na,b\n', '5 , title/detail'],
    ['"two\nlines"\r\ntitle;detail\r\na;b\r\n', '2 ; title/detail'],
    ['Report, of today\ntitle;detail;x\na;b\n', '1 ; title/detail/x'],
    ['sep=;\nMy tasks\ntitle;detail\n', '2 ; title/detail'],
    [
      '#TYPE System.Collections.Generic.List`1[[System.String, mscorlib, Version=4]]\r\n"title"\r\n"a"\r\n',
      '0 , title',
    ],
    ['"a" b\ntitle,detail\na,b\n', '1 , title/detail'],
    ['Title:,Tasks of May\n\nTitle,Detail,Is complete\na,b\n', '2 , Title/Detail/Is complete'],
    ['title,detail\ntitle,detail\n', '0 , title/detail'],
    // The first record is the header, if it names the required columns by any delimiter.
    ['title;detail\na;b\nx,title\n', '0 ; title/detail'],
    ['detail,x\nx,title,y\n', '1 , x/title/y'],
    // The records before it are a table, or too many to be captions, so it is not the header.
    ['name,note\nx,title\n', '0 , name/note'],
    ['name\ntitle\n', '0 , name'],
    ['1\n2\n3\n4\n5\n6\ntitle,detail\na,b\n', '0 , 1'],
  ])('of %j: %s', async (text, expected) => {
    expect(await found(text)).toBe(expected);
  });

  it.each(['sep=;', 'sep=;;;;', 'SEP=;', '"sep=;"', 'sep=;,,'])('is found behind the mark %s', async (mark) => {
    expect(await found(`${mark}\ntitle;detail\na;b\n`)).toBe('0 ; title/detail');
  });

  it('gets a nameless first column if R wrote the file', async () => {
    const names = '/title/detail';
    expect(await found('"title","detail"\n"1","a","b"\n"2","c",""\n')).toBe(`0 , ${names}`);
    expect(await found('title\tdetail\n1\ta\tb\n')).toBe(`0 \t ${names}`);
    for (const rows of ['1,a,b\n3,c,d\n3,c,d\n', '1,a,b\n2,c\n3,d,e\n', 'a,b\n', '1,a\n2,b\n', 'a,b,\nc,d,\n', '']) {
      expect(await found(`title,detail\n${rows}`)).toBe('0 , title/detail');
    }
  });

  it('is refused if it may lack the names of the rows, or the rows may have a delimiter too many', async () => {
    const rows = '1,a,\n2,b,\n';
    await expect(detect(`title,detail\n${rows}`)).rejects.toMatchObject({ code: 'UNCLEAR_COLUMNS' });
    expect(await found(`title,detail\n${rows}3,c,d\n4,e,\n`)).toBe('0 , /title/detail');
    expect(await found(`,title,detail\n${rows}`)).toBe('0 , /title/detail');
  });

  it('is refused with wrong quotes, or without an end in the sample', async () => {
    const long = `${'x'.repeat(60_000)}\n`;
    const cases: [string, string, string][] = [
      ['title,"a" b\nc,d\n', 'INVALID_QUOTES', 'line 1'],
      ['"a" b\ntitle,"c" d\n', 'INVALID_QUOTES', 'line 2'],
      ['"a\nb" c;d\n', 'INVALID_QUOTES', 'line 1'],
      [`title,${'x'.repeat(70_000)}\n`, 'RECORD_TOO_LARGE', 'line 1'],
      [`${long.repeat(4)}title,${'x'.repeat(60_000)}\n`, 'RECORD_TOO_LARGE', 'line 5'],
      ['"title\na', 'UNCLOSED_QUOTE', 'line 1'],
    ];
    for (const [text, code, message] of cases) {
      const failure = { name: 'SourceError', code, message: expect.stringContaining(message) };
      await expect(detect(text)).rejects.toMatchObject(failure);
    }
  });

  it('is found before a quote that is never closed', async () => {
    expect(await found('My tasks\ntitle,detail\n"a')).toBe('1 , title/detail');
  });
});

describe('a table that a program drew', () => {
  it.each([
    ['psql', ' title | detail \n-------+--------\n a     | b\n(1 row)\n', 2],
    ['psql, one column', ' title \n-------\n a\n(1 row)\n', 2],
    ['mysql', '+-------+--------+\n| title | detail |\n+-------+--------+\n| a     | b      |\n', 1],
    ['mysql, one column', '+-------+\n| title |\n+-------+\n| a     |\n', 1],
    ['sqlcmd', 'title,detail\n-----,------\na,b\n', 2],
    ['sqlcmd, wide', 'id\ttitle       \n-----------\t------------\n          1\ta           \n', 2],
    ['sqlcmd, of other columns', 'name,note\n-----,----\na,b\n', 2],
    ['sqlite3 .mode column', 'title  detail\n-----  ------\na      b\n', 2],
    ['sqlite3 .mode box', '┌───────┬────────┐\n│ title │ detail │\n├───────┼────────┤\n│ a     │ b      │\n', 1],
    ['sqlite3 .mode column, one column', 'title \n------\nOrder.\n', 2],
    ['psql, narrow columns', ' a | title \n---+-------\n 1 | b\n', 2],
    ['psql -P border=2', '+---+-------+\n| a | title |\n+---+-------+\n', 1],
    ['mysql, narrow column', '+---+\n| a |\n+---+\n| 1 |\n', 1],
    ['Markdown', '| title | detail |\n|:---|---:|\n| a | b |\n', 2],
    ['Markdown, one column', '| title |\n| --- |\n| a |\n', 2],
    ['Markdown without outer bars', 'title | detail\n--- | :---:\na | b\n', 2],
    ['reStructuredText', '=====  ======\ntitle  detail\n=====  ======\na      b\n', 3],
  ])('is refused in a clear sentence: %s', async (_, text, line) => {
    await expect(detect(text)).rejects.toMatchObject({
      code: 'DRAWN_TABLE',
      message: expect.stringMatching(`^Line ${line} is a line of dashes.*CSV`),
    });
  });

  it.each([
    'title\n---\n',
    `title${',c'.repeat(9)}\n${',-'.repeat(9)}\n`,
    'title,detail\na,b\n-----,-----\n',
    'title,detail\n-,--\n',
    'title,detail\n---,---\n',
    'title,detail\n---,\n',
    'title,detail\n----------,\n',
    'title,detail\n----------\n',
    'title,detail\n-----,--- ---\n',
    'title\n----\n',
    'title\n--- ---\n',
    'title|detail\n-----|\n',
    'My tasks\n--------\ntitle,detail\na,b\n',
    '| title | detail |\n| a | b |\n',
  ])('is none: %j', async (text) => {
    expect((await detect(text)).header).toContain(text.startsWith('|') ? ' title ' : 'title');
  });
});

describe('a file without line ends', () => {
  it.each([
    'title,detail,isCompleteBuy milk,at the shop,trueCall Bob,,false',
    'detail,titleat the shop,Buy milk',
    'title,x,2027-01-01T08:00:00Z',
    'title,x,True',
    'title;detail;note7;Yes',
    'Title,Is_completeBuy milk,no',
  ])('is refused, and is told of --data-binary: %j', async (text) => {
    await expect(detect(text)).rejects.toMatchObject({
      code: 'LINE_ENDS_MISSING',
      message: expect.stringContaining('--data-binary'),
    });
  });

  it.each(['title', 'title,detail', 'Title,Details,note', 'title,7\n', 'titles', 'title,7\r'])(
    'is none: %j',
    async (text) => {
      expect((await detect(text)).header).toBeDefined();
    },
  );
});
