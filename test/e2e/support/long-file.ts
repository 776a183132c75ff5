import { expect } from '@jest/globals';
import type { TaskFile } from '../../../src/contract/index.ts';
import { timeFactor } from '../../../local/time-factor.ts';
import type { Aws } from './aws.ts';
import { csv, rows } from './csv.ts';
import type { Reader } from './service.ts';
import { until } from './until.ts';

export const ROWS = 10_000;

/** A file whose processing takes a moment. Every hundredth row fails. */
export const content = csv(rows(ROWS, (number) => (number % 100 === 0 ? { isComplete: 'perhaps' } : {})));

/** Expects every row to have one outcome, in the counts, the tasks and the failures. */
export async function expectExact(reader: Reader, id: string): Promise<void> {
  const numbers = { recordCount: ROWS, processedCount: ROWS - 100, failedCount: 100, unprocessedCount: 0 };
  expect(await reader.ended(id)).toMatchObject({ status: 'COMPLETED', ...numbers, percent: 100 });
  const expected = Array.from({ length: ROWS }, (_, n) => n + 2).filter((row) => (row - 1) % 100 !== 0);
  expect((await reader.tasksOf(id)).map(({ row }) => row)).toEqual(expected);
  expect(await reader.allTasks()).toHaveLength(ROWS - 100);
  expect(await reader.failuresOf(id)).toHaveLength(100);
}

export const progressed = (reader: Reader, id: string, rowsDone: number): Promise<TaskFile> =>
  until(
    `${rowsDone} rows of task file ${id} to be done`,
    () => reader.client.getTaskFile({ params: { id } }),
    ({ processedCount, failedCount }) => processedCount + failedCount >= rowsDone,
  );

/**
 * Lowers the visibility timeouts of the queues. The messages of a crashed or killed worker come back only when that
 * time, one and three minutes by the template, has passed. A queue's setting is the default for later receives, so an
 * operator can lower it too. This one still is several times what a worker needs.
 */
export async function lowerVisibilityTimeouts(aws: Aws): Promise<void> {
  for (const queue of ['TaskUploadQueue', 'CreateTaskQueue', 'TaskFileCompleteQueue'])
    await aws.setVisibilityTimeout(queue, Math.max(3, Math.ceil(timeFactor() / 2)));
}
