import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchesByNumber, lateFromCheck, namesFile, openFanOut } from '../../test/kit/fan-out.ts';
import type { Job } from './job.ts';

const jsonLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `{"name":"person ${index}","no":${index}}\n`).join('');

const sources: readonly (readonly [string, (count: number) => string | Uint8Array])[] = [
  ['gzip', (count) => gzipSync(namesFile(count))],
  ['JSON Lines', jsonLines],
  ['compressed JSON Lines', (count) => gzipSync(jsonLines(count))],
];

const isUnderWay = ({ seal, status }: Job): boolean => seal === undefined && status !== 'FAILED';

describe.each(sources)('a source of %s', (_, sourceOf) => {
  it('is cut into the same batches however often time runs out, and whoever goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 20 }), fc.integer({ min: 5, max: 90 }), async (count, pieceBytes) => {
        const whole = await openFanOut(sourceOf(count), { pieceBytes: 10_000 });
        await whole.run();
        const hurried = await openFanOut(sourceOf(count), { pieceBytes });
        for (let runs = 0; isUnderWay(await hurried.stored()) && runs < 100; runs += 1) {
          await hurried.run(lateFromCheck(3));
        }
        expect(batchesByNumber(hurried.messaging.sentBatches)).toEqual(batchesByNumber(whole.messaging.sentBatches));
        expect((await hurried.stored()).seal).toEqual((await whole.stored()).seal);
        if (count > 0) expect((await whole.stored()).seal).toMatchObject({ itemCount: count });
      }),
      { numRuns: 30 },
    );
  });
});

it('a compressed source is told by its first bytes, and accounted for by its own bytes', async () => {
  const bytes = gzipSync(namesFile(5_000));
  const members = Buffer.concat([bytes, gzipSync(''), Buffer.alloc(100)]);
  const { run, stored, messaging } = await openFanOut(members, { pieceBytes: 1_000, cut: { itemsPerBatch: 50 } });
  await run();
  expect(await stored()).toMatchObject({
    format: { type: 'csv', encoding: 'utf-8', delimiter: ',', compression: 'gzip' },
  });
  const sizes = messaging.sentBatches.map((batch) => batch.bytes);
  const sum = sizes.reduce((before, size) => before + size, 0);
  expect(sum).toBeGreaterThan(bytes.length * 0.95);
  expect(sum).toBeLessThanOrEqual(members.length);
  expect(Math.max(...sizes)).toBeLessThan(sum / 50);
});

it('a compressed source that is cut off fails the job, and what came before stays done', async () => {
  const rows = Array.from({ length: 30_000 }, (_, row) => `${row * 7919 * row}\n`).join('');
  const { run, stored, messaging } = await openFanOut(gzipSync(`name\n${rows}`).subarray(0, -300), {
    pieceBytes: 10_000,
  });
  await run();
  expect(await stored()).toMatchObject({ status: 'FAILED', failure: { code: 'DAMAGED_GZIP' } });
  expect(messaging.sentBatches.length).toBeGreaterThan(0);
});
