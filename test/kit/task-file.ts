import type { TaskFile } from '../../src/contract/index.ts';

/** A new task file, with the changes that a test needs. */
export const taskFile = (changes: Partial<TaskFile> = {}): TaskFile => ({
  id: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10',
  fileName: 'paint.csv',
  status: 'NEW',
  recordCount: 0,
  totalIsFinal: false,
  processedCount: 0,
  failedCount: 0,
  unprocessedCount: 0,
  percent: 0,
  rowsPerSecond: 0,
  etaSeconds: null,
  createdAt: '2026-01-31T08:00:00.000Z',
  ...changes,
});
