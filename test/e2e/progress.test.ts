import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { iterate } from '../../client/index.ts';
import type { TaskFile, TaskFileStatus } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const sample = join(import.meta.dirname, '..', '..', 'samples', 'sample-10000.csv');

const expectToAddUp = (file: TaskFile): void => {
  const done = file.processedCount + file.failedCount;
  expect(done).toBeGreaterThanOrEqual(0);
  expect(done).toBeLessThanOrEqual(file.recordCount);
  expect(file.unprocessedCount).toBe(file.recordCount - done);
  expect(file.percent).toBeGreaterThanOrEqual(0);
  expect(file.percent === 100).toBe(file.totalIsFinal && file.unprocessedCount === 0);
};

/** Expects the numbers that may only grow while a file is processed to have grown, or to be the same. */
const expectToFollow = (earlier: TaskFile, later: TaskFile): void => {
  for (const number of ['processedCount', 'failedCount', 'recordCount', 'percent'] as const)
    expect(later[number]).toBeGreaterThanOrEqual(earlier[number]);
  if (earlier.totalIsFinal) expect(later).toMatchObject({ totalIsFinal: true, recordCount: earlier.recordCount });
};

describe('the progress of a file', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('never decreases, adds up at every read, and ends at 100 percent', async () => {
    const { id } = await service.client.uploadTasks({ body: await readFile(sample, 'utf8') });
    const seen: TaskFile[] = [];
    const last = await until(
      'the end of 10,000 rows',
      async () => {
        const file = await service.client.getTaskFile({ params: { id } });
        seen.push(file);
        return file;
      },
      ({ status }) => status !== 'NEW' && status !== 'IN_PROGRESS',
    );
    seen.forEach(expectToAddUp);
    seen.slice(1).forEach((later, index) => expectToFollow(seen[index] ?? later, later));
    expect(last).toMatchObject({ status: 'COMPLETED', recordCount: 10_000, processedCount: 10_000, failedCount: 0 });
    expect(last).toMatchObject({ percent: 100, etaSeconds: 0, unprocessedCount: 0 });
    expect(last.rowsPerSecond).toBeGreaterThan(0);

    const underWay = seen.filter(({ processedCount }) => processedCount > 0 && processedCount < 10_000);
    expect(underWay.length).toBeGreaterThan(0);
    for (const file of underWay) {
      expect(file).toMatchObject({ status: 'IN_PROGRESS', startedAt: expect.any(String) });
      expect(file.percent).toBeGreaterThan(0);
      expect(file.percent).toBeLessThan(100);
      expect(file.rowsPerSecond).toBeGreaterThan(0);
      expect(file.etaSeconds).toBeGreaterThan(0);
    }
  });

  it('is the same in the list of task files', async () => {
    const [newest] = (await service.client.listTaskFiles({ query: { limit: 1 } })).items;
    expect(newest).toEqual(await service.client.getTaskFile({ params: { id: newest?.id ?? '' } }));
  });

  describe('in the list', () => {
    const names = ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv', 'f.csv', 'g.csv'];
    const isBroken = (name: string) => name === 'b.csv' || name === 'f.csv';
    beforeAll(async () => {
      for (const name of names) await service.process(isBroken(name) ? 'no title\n' : csv(rows(1)), name);
    });
    const list = async (limit: number, status?: TaskFileStatus): Promise<readonly TaskFile[]> => {
      const found: TaskFile[] = [];
      const pages = iterate((cursor) => service.client.listTaskFiles({ query: { limit, cursor, status } }));
      for await (const file of pages) found.push(file);
      return found;
    };
    const namesOf = (files: readonly TaskFile[]) => files.map(({ fileName }) => fileName);

    it.each([1, 2, 3, 100])('files are newest first, each once, in pages of %i', async (limit) => {
      expect(namesOf(await list(limit))).toEqual([...names.toReversed(), 'tasks.csv']);
    });

    it.each([1, 2, 100])('files can be filtered by status, in pages of %i', async (limit) => {
      expect(namesOf(await list(limit, 'FAILED'))).toEqual(['f.csv', 'b.csv']);
      expect(namesOf(await list(limit, 'COMPLETED'))).toEqual([
        'g.csv',
        'e.csv',
        'd.csv',
        'c.csv',
        'a.csv',
        'tasks.csv',
      ]);
      expect(await list(limit, 'CANCELLED')).toEqual([]);
    });

    it('a page’s link keeps the filter and the limit', async () => {
      const response = await service.request('/task-files?status=COMPLETED&limit=2');
      expect(response.headers.get('link')).toMatch(
        /^<\/task-files\?status=COMPLETED&limit=2&cursor=[\w-]+>; rel="next"$/,
      );
    });
  });
});
