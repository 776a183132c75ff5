import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { outcomeOf, type Outcome } from './outcome.ts';
import { outcomes } from './outcomes.ts';

const FOLDER = join(import.meta.dirname, 'files');
const KIB = 1024;

describe('the corpus', () => {
  it('has an outcome for each of its files', () => {
    expect(Object.keys(outcomes).toSorted()).toEqual(readdirSync(FOLDER).toSorted());
  });

  it.each(Object.entries(outcomes))('%s', async (file, outcome) => {
    expect(await outcomeOf(readFileSync(join(FOLDER, file)))).toEqual(outcome);
  });
});

const rows = (count: number): string => Array.from({ length: count }, (_, row) => `Task ${row}\n`).join('');
const CSV = 'csv utf-8 ","';

/** The files that are too large to be stored in this folder. */
const large: readonly [what: string, content: string | Uint8Array, outcome: Outcome][] = [
  [
    'the longest readable record',
    `title,x\nOne,${'x'.repeat(64 * KIB - 4)}\nTwo,\n`,
    { format: CSV, tasks: ['2 One', '3 Two'] },
  ],
  [
    'a record that is a byte longer',
    `title,x\nOne,${'x'.repeat(64 * KIB - 3)}\nTwo,\n`,
    { format: CSV, tasks: ['3 Two'], failures: ['2 2 ROW_TOO_LARGE'] },
  ],
  [
    'a record whose end is too far away, with many records after it',
    `title,x\nOne,\nTwo,\nThree,${'x'.repeat(1024 * KIB)}\n${'Four,\n'.repeat(1_000)}`,
    { failed: 'RECORD_TOO_LARGE', format: CSV, tasks: ['2 One', '3 Two'] },
  ],
  ['a header of more than 64 KiB', `title,${'x'.repeat(64 * KIB)}\nOne,1\n`, { failed: 'RECORD_TOO_LARGE' }],
  [
    'a header of 40,000 characters in UTF-16',
    Buffer.from(`\uFEFF${'x'.repeat(39_994)},title\nx,One\n`, 'utf16le'),
    { format: 'csv utf-16le ","', tasks: ['2 One'] },
  ],
  [
    'a header of 64 KiB after sep=,',
    `sep=,\n${'x'.repeat(64 * KIB - 7)},title\nx,One\n`,
    { format: CSV, tasks: ['2 One'] },
  ],
  ['one line without end', `title,${'x'.repeat(300 * KIB)}`, { failed: 'RECORD_TOO_LARGE' }],
  ['a quote that swallows the rest', `title\n"${rows(100_000)}`, { failed: 'RECORD_TOO_LARGE', format: CSV }],
  ['blank lines without end', `title\n${'\n'.repeat(1_100 * KIB)}One\n`, { failed: 'RECORD_TOO_LARGE', format: CSV }],
  [
    'a line of JSON over 64 KiB',
    `{"title":"One"}\n{"title":"${'x'.repeat(64 * KIB)}"}\n`,
    { format: 'jsonl utf-8', tasks: ['2 One'], failures: ['3 2 ROW_TOO_LARGE'] },
  ],
  [
    'more than 1 MiB of blank lines in JSON Lines',
    `{"title":"One"}\n{"title":"Two"}\n${'\n'.repeat(1_100 * KIB)}{"title":"Three"}\n`,
    { failed: 'RECORD_TOO_LARGE', format: 'jsonl utf-8', tasks: ['2 One', '3 Two'] },
  ],
  [
    'objects of JSON nested deeper than a stack',
    `{"title":"One"}\n${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}\n${'['.repeat(60_000)}\n{"title":"Two"}\n`,
    { format: 'jsonl utf-8', tasks: ['2 One', '5 Two'], failures: ['3 2 INVALID_JSON', '4 3 INVALID_JSON'] },
  ],
  [
    'gzip that decodes to 300 times its size',
    gzipSync(`title\n${`${'x'.repeat(2_000)}\n`.repeat(2_000)}`),
    { failed: 'COMPRESSION_RATIO_TOO_HIGH' },
  ],
];

describe('a large file:', () => {
  it.each(large)('%s', async (_, content, outcome) => {
    expect(await outcomeOf(content)).toEqual(outcome);
  });

  it.each([
    ['a byte that is not UTF-8', Buffer.of(0x43, 0xe9)],
    ['a NUL', Buffer.of(0x43, 0)],
  ])('after 64 KiB, %s fails one row', async (_, damaged) => {
    const { tasks = [], failures } = await outcomeOf(
      Buffer.concat([Buffer.from(`title\n${rows(8_000)}`), damaged, Buffer.from('\nLast\n')]),
    );
    expect([tasks.length, tasks.at(-1), failures]).toEqual([8_001, '8003 Last', ['8002 8002 INVALID_TEXT title']]);
  });
});
