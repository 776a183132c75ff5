import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RECORD_REACH_BYTES } from '../../src/engine/model/records.ts';
import { oracle } from './oracle.ts';
import { fullOutcomeOf } from './outcome.ts';
import { outcomes } from './outcomes.ts';
import { read, readFrom, type Reading } from './reading.ts';

/**
 * `FUZZ_RUNS=100000 FUZZ_SEED=… npm run jest -- --selectProjects unit --testPathPatterns fuzz` runs more, or repeats a
 * run.
 */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500);
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Math.max(60_000, RUNS * 20);

const outcomeOf = ({ detected, records, failure }: Reading) => ({ detected, records, failure });

const corpus = Object.keys(outcomes).map((name) => readFileSync(join(import.meta.dirname, 'files', name)));

const cell = fc.oneof(
  fc.constantFrom(
    'title',
    'a',
    '',
    ' ',
    '"',
    '""',
    '"a"',
    '"a,b"',
    '"a\nb"',
    '"a\r\nb',
    ' "a" ',
    '"a"b',
    '"a" "b"',
    '5" nail',
    '\\"',
    '\x1a',
    '\t',
    "'",
    '😀',
    'ü',
    '\0',
    '\uFFFD',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '');
const tableText = fc
  .tuple(fc.constantFrom(',', ';', '\t', '|'), fc.array(fc.tuple(fc.array(cell, { maxLength: 4 }), lineEnd)))
  .map(([delimiter, lines]) => ({
    delimiter,
    text: `title${delimiter}x\n${lines.map(([cells, end]) => cells.join(delimiter) + end).join('')}`,
  }));
const csvText = tableText.map(({ text: plain }) => plain);
const jsonText = fc
  .array(fc.oneof(fc.json(), fc.constantFrom('{"title":"a"}', '{', ' ', '', '[]', '{"title":{}}', '\uFEFF')))
  .map((lines) => `{"title":"first"}\n${lines.join('\n')}`);
const text = fc.oneof(csvText, jsonText);
const encoders = [
  (plain: string) => Buffer.from(plain),
  (plain: string) => Buffer.from(`\uFEFF${plain}`, 'utf16le'),
  (plain: string) => Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16(),
];
const anEncodedText = fc.oneof(
  ...encoders.map((encode) => text.map(encode)),
  text.map((plain) => Buffer.from(plain, 'latin1')),
);

type Mutation = readonly [at: number, remove: number, insert: Uint8Array];
const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.nat(400),
  fc.nat(4),
  fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom('"', '\n', '\r', ',', '{', '\0').map((one) => Buffer.from(one)),
  ),
);
const mutate = (bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array =>
  mutations.reduce<Uint8Array>(
    (now, [at, remove, insert]) =>
      Buffer.concat([now.subarray(0, at % (now.length + 1)), insert, now.subarray((at % (now.length + 1)) + remove)]),
    bytes,
  );
const aFile: fc.Arbitrary<Uint8Array> = fc.oneof(
  anEncodedText,
  anEncodedText.map((bytes) => gzipSync(bytes)),
  fc.tuple(fc.constantFrom(...corpus), fc.array(mutation, { maxLength: 4 })).map(([file, some]) => mutate(file, some)),
  fc.uint8Array({ maxLength: 200 }),
);

describe('any file', () => {
  it(
    `is read to its end or refused with a code, the same in any pieces and from any position (seed ${seed})`,
    async () => {
      const sizes = fc.integer({ min: 1, max: 40 });
      await fc.assert(
        fc.asyncProperty(aFile, sizes, fc.nat(), async (bytes, pieceBytes, pick) => {
          const whole = await read(bytes, [1_000_000]);
          expect(outcomeOf(await read(bytes, [pieceBytes]))).toEqual(outcomeOf(whole));
          const { detected, records } = whole;
          if (!detected || records.length === 0) return;
          const at = pick % records.length;
          const { endOffset: byteOffset, nextLine: line } = records[at]!;
          const rest = await readFrom(bytes, [pieceBytes], detected, { byteOffset, line });
          expect(outcomeOf({ ...rest, detected })).toEqual(outcomeOf({ ...whole, records: records.slice(at + 1) }));
        }),
        { seed, numRuns: RUNS },
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    `has the records and tasks that an independent reader finds (seed ${seed})`,
    async () => {
      let tasksSeen = 0;
      await fc.assert(
        fc.asyncProperty(
          tableText,
          fc.constantFrom(...encoders),
          fc.boolean(),
          async ({ text: plain, delimiter }, encode, isWhole) => {
            const bytes = encode(plain);
            const { detected, records, failure } = await read(bytes, [7, 1_000]);
            // The lines before the rows have tests of their own.
            if (!detected || detected.format.delimiter !== delimiter || detected.header?.[0] !== 'title') return;
            const { rows, failed } = oracle(plain.toWellFormed(), delimiter);
            expect(
              records.map(({ cells, line, fault }) => ({ cells: fault ?? cells.map((one) => one.trim()), line })),
            ).toEqual(rows.slice(1));
            expect(failure?.split(':')[0]).toBe(failed);
            if (!isWhole) return;
            const { tasks = {} } = await fullOutcomeOf(bytes);
            for (const [row, { title }] of Object.entries(tasks)) expect(title).toBe(rows[Number(row) - 1]?.cells[0]);
            tasksSeen += Object.keys(tasks).length;
          },
        ),
        { seed, numRuns: RUNS },
      );
      expect(tasksSeen).toBeGreaterThan(RUNS / 20);
    },
    TIME_LIMIT_MS,
  );

  it.each([
    ['a line without end', `title\n${'x'.repeat(2_000_000)}`],
    ['a quote without end', `title\n"${'x\n'.repeat(1_000_000)}`],
    ['blank lines without end', `title\n${'\n'.repeat(2_000_000)}`],
    ['a line of JSON without end', `{"title":"One"}\n{"title":"${'x'.repeat(2_000_000)}`],
    ['blank lines of JSON without end', `{"title":"One"}\n${'\n'.repeat(2_000_000)}`],
  ])('is refused before much of it is in memory: %s', async (_, content) => {
    const { failure, heldBytes } = await read(Buffer.from(content), [50_000]);
    expect(failure).toContain('RECORD_TOO_LARGE');
    expect(heldBytes).toBeLessThanOrEqual(RECORD_REACH_BYTES + 2 * 50_000);
  });
});
