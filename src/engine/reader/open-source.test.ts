import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryContents, MemoryJobs } from '../../../test/kit/memory/index.ts';
import { batchesByNumber, lateFromCheck, namesFile, openFanOut } from '../../../test/kit/fan-out.ts';
import type { Job } from '../model/job.ts';

const jsonLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `{"name":"person ${index}","no":${index}}\n`).join('');

const sources: readonly (readonly [string, (count: number) => string | Uint8Array])[] = [
  ['gzip', (count) => gzipSync(namesFile(count))],
  ['JSON Lines', jsonLines],
  ['compressed JSON Lines', (count) => gzipSync(jsonLines(count))],
];

it.each(sources)('a source of %s is recognized by its rows as one that was uploaded before', async (_, sourceOf) => {
  const contents = new MemoryContents();
  const jobs = new MemoryJobs();
  const first = await openFanOut(sourceOf(20), { jobs, ports: { contents } });
  await first.run();
  expect(await first.stored()).not.toHaveProperty('similarTo');
  const again = await openFanOut(sourceOf(21), { jobs, ports: { contents }, job: { jobId: randomUUID() } });
  await again.run();
  expect(await again.stored()).toMatchObject({ similarTo: (await first.stored()).jobId, seal: { itemCount: 21 } });
});

it('a source whose beginning ends inside a quoted cell is recognized by the rows before it', async () => {
  const contents = new MemoryContents();
  const jobs = new MemoryJobs();
  const first = await openFanOut(namesFile(20), { jobs, ports: { contents } });
  await first.run();
  const text = `${namesFile(20)}"${'x'.repeat(600_000)}`;
  const again = await openFanOut(text, {
    pieceBytes: 100_000,
    jobs,
    ports: { contents },
    job: { jobId: randomUUID() },
  });
  await again.run();
  expect(await again.stored()).toMatchObject({ similarTo: (await first.stored()).jobId });
});

it('a fix file is not recognized: it has rows of an earlier file on purpose', async () => {
  const contents = new MemoryContents();
  const jobs = new MemoryJobs();
  const fixFile = `_row,name,_error_code\n${Array.from({ length: 20 }, (_, row) => `${row + 2},name ${row},TOO_LONG\n`).join('')}`;
  await (await openFanOut(fixFile, { jobs, ports: { contents } })).run();
  const again = await openFanOut(fixFile, { jobs, ports: { contents }, job: { jobId: randomUUID() } });
  await again.run();
  expect(await again.stored()).not.toHaveProperty('similarTo');
});

const isUnderWay = ({ seal, status }: Job): boolean => seal === undefined && status !== 'FAILED';

describe.each(sources)('a source of %s', (_, sourceOf) => {
  it('is cut into the same batches, however often the time runs out', async () => {
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

it('a compressed source is detected from its first bytes, and counted in compressed bytes', async () => {
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

it('a compressed source that is cut off fails the job; the batches before the fault stay sent', async () => {
  const rows = Array.from({ length: 30_000 }, (_, row) => `${row * 7919 * row}\n`).join('');
  const { run, stored, messaging } = await openFanOut(gzipSync(`name\n${rows}`).subarray(0, -300), {
    pieceBytes: 10_000,
  });
  await run();
  expect(await stored()).toMatchObject({ status: 'FAILED', failure: { code: 'DAMAGED_GZIP' } });
  expect(messaging.sentBatches.length).toBeGreaterThan(0);
});
