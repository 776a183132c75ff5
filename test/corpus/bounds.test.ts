import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RECORD_MAX_BYTES, RECORD_REACH_BYTES } from '../../src/engine/model/records.ts';
import { read, type Reading } from './reading.ts';

/** The number of large files. Each takes as long as a hundred small ones. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500) / 100;
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Math.max(60_000, RUNS * 4_000);

const outcomeOf = ({ detected, records, failure }: Reading) => ({ detected, records, failure });

const aRow = fc.record({
  /** The size of the text in bytes. */
  size: fc.constantFrom(RECORD_MAX_BYTES - 9, RECORD_MAX_BYTES - 1, RECORD_MAX_BYTES, RECORD_MAX_BYTES + 1),
  isQuoted: fc.boolean(),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  // Never only a line feed, because it would belong to a carriage return before it.
  before: fc.constantFrom('', '\r', '\r\n'),
});
interface Row {
  readonly size: number;
  readonly isQuoted: boolean;
  readonly end: string;
  readonly before: string;
}
const textOf = ({ size, isQuoted, end, before }: Row): string =>
  before + (isQuoted ? `"${'x'.repeat(size)}"` : 'x'.repeat(size)) + end;

const anEncoding = fc.constantFrom(
  (text: string) => Buffer.from(text),
  (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
);
const aHead = fc.constantFrom('', 'title\n', 'title;x\nA;1\n', '{"title":"A"}\n', 'title\n"', 'title\n\n');
const aSign = fc.constantFrom(
  '\n',
  '\r',
  '\r\n',
  ' ',
  '"',
  ',',
  ';',
  '\t',
  '|',
  'a',
  'é',
  '😀',
  '{',
  '"title":',
  '}',
  '\0',
);
const aPattern = fc.oneof(
  fc.array(aSign, { minLength: 1, maxLength: 12 }).map((signs) => signs.join('')),
  fc.constantFrom('\n', '\r', ' ', '\n  \n', '"', '""', '",', ',', '\n"', '{"title":"A"}\n'),
);

describe(`any large file (seed ${seed})`, () => {
  it(
    'has rows of up to 65,536 bytes and fails longer ones, wherever its pieces end',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(aRow, { minLength: 1, maxLength: 2 }),
          fc.constantFrom('', 'a', 'a\n', '\r\n', 'é\nb\n', 'b\n'.repeat(100)),
          fc.integer({ min: -3, max: 3 }),
          async (rows, behind, fromEnd) => {
            const bytes = Buffer.from(`title\n${rows.map(textOf).join('')}${behind}`);
            const whole = await read(bytes, [bytes.length]);
            // The first piece ends near the end of the first row, where the parser has to look ahead.
            const size = 'title\n'.length + textOf(rows[0]!).length + fromEnd;
            expect(isDeepStrictEqual(outcomeOf(await read(bytes, [size])), outcomeOf(whole))).toBe(true);
            expect(whole.failure).toBeUndefined();
            expect(whole.records.slice(0, rows.length).map(({ fault }) => fault)).toEqual(
              rows.map((row) => (row.size > RECORD_MAX_BYTES ? 'ROW_TOO_LARGE' : undefined)),
            );
          },
        ),
        { seed, numRuns: RUNS },
      ),
    TIME_LIMIT_MS,
  );

  it(
    'is refused if the end of a row is farther away than 1 MiB, wherever its pieces end',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.integer({ min: -1, max: 1 }),
          fc.boolean(),
          fc.constantFrom('\n', '\r\n', ''),
          fc.integer({ min: -3, max: 3 }),
          async (more, isQuoted, end, fromEnd) => {
            const room = RECORD_REACH_BYTES + more - end.length - (isQuoted ? 2 : 0);
            const row = textOf({ size: room, isQuoted, end, before: '' });
            const bytes = Buffer.from(`title\nOne\n${row}${end && 'Two'}`);
            for (const size of [bytes.length, 'title\nOne\n'.length + row.length + fromEnd]) {
              const { records, failure } = await read(bytes, [size]);
              const faults = records.map(({ fault }) => fault);
              if (more > 0)
                expect([faults, failure]).toEqual([[undefined], expect.stringMatching(/^RECORD_TOO_LARGE/)]);
              else expect([faults.slice(0, 2), failure]).toEqual([[undefined, 'ROW_TOO_LARGE'], undefined]);
            }
          },
        ),
        { seed, numRuns: RUNS },
      ),
    TIME_LIMIT_MS,
  );

  it(
    'is read by at most a record and a piece ahead of each record, however long it is',
    () =>
      fc.assert(
        fc.asyncProperty(
          aHead,
          aPattern,
          anEncoding,
          fc.array(fc.integer({ min: 10_000, max: 60_000 }), { minLength: 1, maxLength: 3 }),
          async (head, pattern, encode, sizes) => {
            const bytes = encode(head + pattern.repeat(Math.ceil(1_500_000 / pattern.length)));
            const { detected, heldBytes } = await read(bytes, sizes);
            // The bound counts UTF-8, and the parser looks a few bytes ahead.
            const bytesOfOne = detected?.format.encoding.startsWith('utf-16') ? 2 : 1;
            expect(heldBytes).toBeLessThanOrEqual(bytesOfOne * (RECORD_REACH_BYTES + 8) + Math.max(...sizes));
          },
        ),
        { seed, numRuns: RUNS },
      ),
    TIME_LIMIT_MS,
  );
});
