import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../errors.ts';
import { claimedSize, gunzipped, isGzip } from './gzip.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}
const decode = async (bytes: Uint8Array, from = 0, size = 1_000): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(gunzipped(inPieces(bytes, size), from)));

describe('a gzip source', () => {
  it('is decoded from any place on, of one member or several, wherever its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 3 }),
        fc.nat(900),
        fc.integer({ min: 1, max: 50 }),
        async (members, from, size) => {
          const plain = Buffer.concat(members);
          const encoded = Buffer.concat(members.map((member) => gzipSync(member)));
          expect(await decode(encoded, from, size)).toEqual(plain.subarray(from));
        },
      ),
    );
  });

  it('is told by its beginning, and its size by its end', () => {
    const bytes = gzipSync('title\na\n');
    expect([isGzip(bytes), isGzip(Buffer.from('title')), isGzip(Buffer.from([0x1f]))]).toEqual([true, false, false]);
    expect([claimedSize(bytes.subarray(-4), bytes.length), claimedSize(Buffer.from([1, 2]), 2)]).toEqual([8, 0]);
  });

  it.each([
    ['is less than its own bytes', 100_000, 200_000],
    ['no file of its size may decode to', 200_000_001, 1_000_000],
    ['no compressed file may have', 2 ** 31, 900_000_000],
  ])('tells no size, if that which it claims %s', (_, claimed, encodedBytes) => {
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32LE(claimed);
    expect(claimedSize(trailer, encodedBytes)).toBe(0);
  });

  it('tells its size, be it one row that is repeated or what does not compress', () => {
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32LE(1_000_000);
    expect([claimedSize(trailer, 900), claimedSize(trailer, 1_000_500)]).toEqual([1_000_000, 1_000_000]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -9)],
    ['cut off in its head', (bytes: Buffer) => bytes.subarray(0, 4)],
    ['damaged', (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 0xff : byte)))],
  ])('that is %s fails as a whole', async (_, harm) => {
    const rows = Array.from({ length: 500 }, (__, row) => `row ${row * 7919},${row ** 3}\n`).join('');
    await expect(decode(harm(gzipSync(rows)))).rejects.toMatchObject({ name: 'SourceError', code: 'DAMAGED_GZIP' });
  });

  it('does not decode what would never end', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 ** 2));
    const pieces: number[] = [];
    const reading = (async () => {
      for await (const piece of gunzipped(inPieces(bomb, 1_000), 0)) pieces.push(piece.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'COMPRESSION_RATIO_TOO_HIGH' });
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBeLessThan(5 * 1024 ** 2);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(64 * 1024);
  });

  it('that is a bomb stops after a few MiB, also if all of it is in memory before the first piece is decoded', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 ** 2));
    const pieces: number[] = [];
    const reading = (async () => {
      for await (const piece of gunzipped(inPieces(bomb, bomb.length), 0)) pieces.push(piece.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'COMPRESSION_RATIO_TOO_HIGH' });
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBeLessThan(4 * 1024 ** 2);
  });

  it('is decoded up to a bound', async () => {
    const bytes = gzipSync('a line\n'.repeat(30_000));
    const reading = Array.fromAsync(gunzipped(inPieces(bytes, 1_000), 0, 200_000));
    await expect(reading).rejects.toMatchObject({
      code: 'DECODED_TOO_LARGE',
      message: expect.stringContaining('200000 bytes'),
    });
  });

  it('passes on what its source fails with', async () => {
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
    for await (const _ of gunzipped(source(), 0)) break;
    await new Promise(setImmediate);
    expect(isClosed).toBe(true);
  });
});

async function decodeFailing(failure: Error): Promise<void> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield gzipSync('title\n').subarray(0, 12);
    throw failure;
  }
  for await (const _ of gunzipped(source(), 0));
}
