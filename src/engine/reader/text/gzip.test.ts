import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../../errors.ts';
import { gunzip, isGzip } from './gzip.ts';
import { SourceOffsets } from './source-offsets.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}
const decode = async (bytes: Uint8Array, from = 0, size = 1_000): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(gunzip(inPieces(bytes, size), from)));

describe('a gzip source', () => {
  const aMember = fc.record({
    plain: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 60_000 }).map((count) => incompressible(count)),
    ),
    zeros: fc.constantFrom(0, 0, 1, 511, 40_000),
  });

  it('is decoded from any position on, with one member or several and zeros after them, wherever its pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aMember, { minLength: 1, maxLength: 4 }),
        fc.nat(90_000),
        fc.integer({ min: 20, max: 20_000 }),
        async (members, from, size) => {
          const plain = Buffer.concat(members.map((member) => member.plain));
          const toJsonText = Buffer.concat(members.flatMap((one) => [gzipSync(one.plain), Buffer.alloc(one.zeros)]));
          expect((await decode(toJsonText, from, size)).equals(plain.subarray(from))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('may have members that end at the end of a block, and zeros that begin there', async () => {
    const member = gzipSync(incompressible(50_000));
    const fill = (bytes: number): Buffer => Buffer.alloc((16_384 - (bytes % 16_384)) % 16_384);
    for (const shift of [0, 1, 2]) {
      // A file name in its header makes the member as long as it must be.
      const long = withName(member, fill(member.length + 1).length + shift);
      const bytes = Buffer.concat([long, Buffer.alloc(600), gzipSync('b'), gzipSync(''), Buffer.alloc(9)]);
      expect(await decode(bytes, 50_000)).toEqual(Buffer.from('b'));
    }
  });

  it.each([
    ['other bytes', Buffer.from('title\n')],
    ['zeros and other bytes', Buffer.concat([Buffer.alloc(600), Buffer.from('x')])],
    ['zeros and a member that is cut off', Buffer.concat([Buffer.alloc(600), gzipSync('a').subarray(0, -3)])],
    ['the header of a member', gzipSync('a').subarray(0, 5)],
    ['a byte', Buffer.from([0x1f])],
  ])('is damaged if %s follow it', async (_, behind) => {
    for (const size of [1, 1_000]) {
      const bytes = Buffer.concat([gzipSync('title\n'), behind]);
      await expect(decode(bytes, 0, size)).rejects.toMatchObject({ code: 'DAMAGED_GZIP' });
    }
  });

  it('maps each decoded byte to its position in the source, the same one wherever its pieces end', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `row ${row * 7919},${row ** 3}\n`).join('');
    const toJsonText = Buffer.concat([gzipSync(rows), Buffer.alloc(20_000), gzipSync('the end\n'), gzipSync('')]);
    const placesOf = async (size: number, from: number): Promise<number[]> => {
      const offsets = new SourceOffsets();
      const places: number[] = [];
      let decoded = from;
      for await (const piece of gunzip(inPieces(toJsonText, size), from, { offsets })) {
        const end = decoded + piece.length;
        for (decoded -= decoded % 1_000; decoded <= end; decoded += 1_000) places.push(offsets.sourceOffset(decoded));
        decoded = end;
      }
      return [...new Set(places)];
    };
    const places = await placesOf(1_000, 0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.length).toBeGreaterThan(200);
    expect(places.at(-1)).toBeGreaterThan(toJsonText.length - 25_000);
    expect(places.at(-1)).toBeLessThanOrEqual(toJsonText.length);
    expect(await placesOf(33_333, 0)).toEqual(places);
    const later = await placesOf(777, 300_000);
    expect(places.slice(-later.length)).toEqual(later);
  });

  it('is detected from its beginning', () => {
    const bytes = gzipSync('title\na\n');
    expect([isGzip(bytes), isGzip(Buffer.from('title')), isGzip(Buffer.from([0x1f]))]).toEqual([true, false, false]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -9)],
    ['cut off in its header', (bytes: Buffer) => bytes.subarray(0, 4)],
    ['damaged', (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 0xff : byte)))],
  ])('that is %s fails as a whole', async (_, harm) => {
    const rows = Array.from({ length: 500 }, (__, row) => `row ${row * 7919},${row ** 3}\n`).join('');
    await expect(decode(harm(gzipSync(rows)))).rejects.toMatchObject({ name: 'SourceError', code: 'DAMAGED_GZIP' });
  });

  it('is not decoded on if its compression ratio is too high', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 ** 2));
    const pieces: number[] = [];
    const reading = (async () => {
      for await (const piece of gunzip(inPieces(bomb, 1_000), 0)) pieces.push(piece.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'COMPRESSION_RATIO_TOO_HIGH' });
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBeLessThan(5 * 1024 ** 2);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(64 * 1024);
  });

  it('is decoded up to a few MiB if its ratio is too high, also if all of it is in memory at once', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 ** 2));
    const pieces: number[] = [];
    const reading = (async () => {
      for await (const piece of gunzip(inPieces(bomb, bomb.length), 0)) pieces.push(piece.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'COMPRESSION_RATIO_TOO_HIGH' });
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBeLessThan(4 * 1024 ** 2);
  });

  it('is decoded up to a bound', async () => {
    const bytes = gzipSync('a line\n'.repeat(30_000));
    const reading = Array.fromAsync(gunzip(inPieces(bytes, 1_000), 0, { maxBytes: 200_000 }));
    await expect(reading).rejects.toMatchObject({
      code: 'DECODED_TOO_LARGE',
      message: expect.stringContaining('200000 bytes'),
    });
  });

  it('fails with the error of its source', async () => {
    const failure = new SourceError('SOURCE_CHANGED', 'it was replaced');
    const reading = decodeFailing(failure);
    await expect(reading).rejects.toBe(failure);
  });

  it('closes its source when its reader stops', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield gzipSync('x'.repeat(1_000));
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of gunzip(source(), 0)) break;
    await new Promise(setImmediate);
    expect(isClosed).toBe(true);
  });
});

/** Makes bytes that look random, and are the same each time. */
const incompressible = (count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => Math.imul(index + 1, 2_654_435_761) >>> 24));

/** Makes a member with a file name of so many characters in its header. */
const withName = (member: Buffer, length: number): Buffer =>
  Buffer.concat([
    member.subarray(0, 3),
    Buffer.from([member[3]! | 0x08]),
    member.subarray(4, 10),
    Buffer.alloc(length, 'n'),
    Buffer.from([0]),
    member.subarray(10),
  ]);

async function decodeFailing(failure: Error): Promise<void> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield gzipSync('title\n').subarray(0, 12);
    throw failure;
  }
  for await (const _ of gunzip(source(), 0));
}
