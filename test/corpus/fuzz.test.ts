import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PinnedSource, Sources } from '../../src/engine/index.ts';
import { detectSource, recordsOf } from '../../src/engine/open-source.ts';
import { RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from '../../src/engine/reader/records.ts';
import type { SourceFormat } from '../../src/engine/reader/source-format.ts';
import { TASK_COLUMNS } from '../../src/tasks/row.ts';
import { aJob } from '../kit/factories.ts';
import { outcomes } from './outcomes.ts';

/** `FUZZ_RUNS=100000 FUZZ_SEED=… npm run jest -- --selectProjects unit --testPathPatterns fuzz` looks longer, or again. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500);
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Math.max(60_000, RUNS * 20);

/** One object, handed out in pieces; it knows how much of it was taken. */
class OneSource implements Sources {
  taken = 0;
  readonly pinned: PinnedSource;
  readonly #bytes: Uint8Array;
  readonly #pieceBytes: number;

  constructor(bytes: Uint8Array, pieceBytes: number) {
    this.pinned = { key: 'uploads/any', etag: 'any', bytes: bytes.length };
    this.#bytes = bytes;
    this.#pieceBytes = pieceBytes;
  }

  async *open(_: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    for (let first = fromByte; first < this.#bytes.length; first += this.#pieceBytes) {
      const piece = this.#bytes.subarray(first, first + this.#pieceBytes);
      this.taken += piece.length;
      yield piece;
    }
  }
}

interface Reading {
  readonly records: readonly SourceRecord[];
  /** The code with which it failed. */
  readonly failed?: string;
}

/** Anything but a failure of the source itself is a defect, and thrown on. */
async function codeOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'SourceError' && 'code' in error) return String(error.code);
    throw error;
  }
}

async function readFrom(source: OneSource, format: SourceFormat, from: ReadFrom): Promise<Reading> {
  const job = { ...aJob(), source: source.pinned, format };
  const records: SourceRecord[] = [];
  const failed = await codeOf(async () => {
    for await (const some of recordsOf(source, job, from)) records.push(...some);
  });
  return { records, ...(failed !== undefined && { failed }) };
}

async function readAll(bytes: Uint8Array, pieceBytes: number) {
  const source = new OneSource(bytes, pieceBytes);
  let detected: Awaited<ReturnType<typeof detectSource>> | undefined;
  const failed = await codeOf(async () => {
    detected = await detectSource(source, source.pinned, TASK_COLUMNS);
  });
  if (!detected) return { detected, records: [], failed };
  return { detected, ...(await readFrom(source, detected.format, detected.dataStart)) };
}

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
    "'",
    '😀',
    'ü',
    '\0',
    '\uFFFD',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '');
const csvText = fc
  .tuple(fc.constantFrom(',', ';', '\t', '|'), fc.array(fc.tuple(fc.array(cell, { maxLength: 4 }), lineEnd)))
  .map(
    ([delimiter, lines]) => `title${delimiter}x\n${lines.map(([cells, end]) => cells.join(delimiter) + end).join('')}`,
  );
const jsonText = fc
  .array(fc.oneof(fc.json(), fc.constantFrom('{"title":"a"}', '{', ' ', '', '[]', '{"title":{}}', '\uFEFF')))
  .map((lines) => `{"title":"first"}\n${lines.join('\n')}`);
const text = fc.oneof(csvText, jsonText);
const encoded = fc.oneof(
  text.map((plain) => Buffer.from(plain)),
  text.map((plain) => Buffer.from(`\uFEFF${plain}`, 'utf16le')),
  text.map((plain) => Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16()),
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
const mutated = (bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array =>
  mutations.reduce<Uint8Array>(
    (now, [at, remove, insert]) =>
      Buffer.concat([now.subarray(0, at % (now.length + 1)), insert, now.subarray((at % (now.length + 1)) + remove)]),
    bytes,
  );
const aFile: fc.Arbitrary<Uint8Array> = fc.oneof(
  encoded,
  encoded.map((bytes) => gzipSync(bytes)),
  fc.tuple(fc.constantFrom(...corpus), fc.array(mutation, { maxLength: 4 })).map(([file, some]) => mutated(file, some)),
  fc.uint8Array({ maxLength: 200 }),
);

describe('any file', () => {
  it(
    `is read to its end or refused with a code, alike however it is cut and whoever goes on (seed ${seed})`,
    async () => {
      const sizes = fc.integer({ min: 1, max: 40 });
      await fc.assert(
        fc.asyncProperty(aFile, sizes, fc.nat(), async (bytes, pieceBytes, pick) => {
          const whole = await readAll(bytes, 1_000_000);
          expect(await readAll(bytes, pieceBytes)).toEqual(whole);
          const { detected, records } = whole;
          if (!detected || records.length === 0) return;
          const at = pick % records.length;
          const { endOffset: byteOffset, nextLine: line } = records[at]!;
          const rest = await readFrom(new OneSource(bytes, pieceBytes), detected.format, { byteOffset, line });
          expect(rest).toEqual({ ...('failed' in whole && { failed: whole.failed }), records: records.slice(at + 1) });
        }),
        { seed, numRuns: RUNS },
      );
    },
    TIME_LIMIT_MS,
  );

  it.each([
    ['a line without end', `title\n${'x'.repeat(1_000_000)}`],
    ['a quote without end', `title\n"${'x\n'.repeat(500_000)}`],
    ['blank lines without end', `title\n${'\n'.repeat(1_000_000)}`],
    ['a line of JSON without end', `{"title":"One"}\n{"title":"${'x'.repeat(1_000_000)}`],
  ])('is given up before much of it is held: %s', async (_, content) => {
    const pieceBytes = 10_000;
    const source = new OneSource(Buffer.from(content), pieceBytes);
    const { format, dataStart } = await detectSource(source, source.pinned, TASK_COLUMNS);
    source.taken = 0;
    expect(await readFrom(source, format, dataStart)).toMatchObject({ failed: 'RECORD_TOO_LARGE' });
    expect(source.taken).toBeLessThanOrEqual(RECORD_MAX_BYTES + 2 * pieceBytes);
  });
});
