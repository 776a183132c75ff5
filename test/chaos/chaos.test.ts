import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { seed } from '../e2e/support/seed.ts';
import { failedOf, runChaos } from './nemesis.ts';

/** The short form of `npm run chaos`. */
const ROWS = 3_000;

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'task-service-chaos-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it(`a file is processed exactly under real kills (npm run chaos -- --rows ${ROWS} --seed ${seed})`, async () => {
  const result = await runChaos({ seed, dataDir, rows: ROWS, workerKills: 10, processKills: 2, startKills: 1 });
  expect(result.file).toMatchObject({ status: 'COMPLETED', recordCount: ROWS, failedCount: failedOf(ROWS) });
  expect(result.receipt).toMatchObject({ isExact: true, rows: ROWS, failed: failedOf(ROWS) });
  expect(result.codes).toEqual({ REQUIRED: failedOf(ROWS) });
  expect(Object.values(result.workerKills).reduce((sum, count) => sum + count, 0)).toBe(10);
});
