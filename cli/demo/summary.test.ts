import { describe, expect, it } from '@jest/globals';
import { findComplaint, describeSummary, summarize } from './summary.ts';
import { taskFile } from '../../test/kit/task-file.ts';

const completed = taskFile({
  status: 'COMPLETED',
  recordCount: 1_000,
  totalIsFinal: true,
  processedCount: 998,
  failedCount: 2,
  percent: 100,
  completedAt: '2026-01-31T08:00:00.500Z',
});

describe('the summary', () => {
  it('measures from creation to completion', () => {
    expect(summarize(completed, { storedTasks: 998 })).toEqual({
      id: completed.id,
      fileName: 'paint.csv',
      status: 'COMPLETED',
      recordCount: 1_000,
      processedCount: 998,
      failedCount: 2,
      storedTasks: 998,
      seconds: 0.5,
      rowsPerSecond: 2_000,
    });
  });

  it('has no speed for a file that took no time', () => {
    expect(summarize(taskFile(), { storedTasks: 0 })).toMatchObject({ seconds: 0, rowsPerSecond: 0 });
  });

  it('has the counts and the first failures', () => {
    const failure = { row: 7, line: 9, column: 'title', code: 'REQUIRED', message: 'title is empty' };
    expect(describeSummary(summarize(completed, { storedTasks: 998 }), [failure])).toBe(
      [
        'paint.csv: COMPLETED in 0.50 s, 2,000 rows/s',
        '  rows               1,000',
        '  processed            998',
        '  failed                 2',
        '  tasks stored         998',
        '  row 7, title: REQUIRED, title is empty',
        '  ... and 1 more; --fix-file PATH writes them all to a file',
      ].join('\n'),
    );
  });

  it('begins with the warnings, and ends with the path of the failed rows', () => {
    const warnings = [{ code: 'COLUMNS_IGNORED' as const, message: '1 column was ignored: "Due".' }];
    const found = { storedTasks: 998, fixFile: '/tmp/fix.csv' };
    const lines = describeSummary(summarize({ ...completed, warnings }, found), []).split('\n');
    expect(lines[0]).toBe('Warning: 1 column was ignored: "Due".');
    expect(lines.slice(-2)).toEqual(['  ... and 2 more', '  all failed rows are in /tmp/fix.csv']);
    expect(summarize({ ...completed, warnings }, found)).toMatchObject({ warnings, fixFile: '/tmp/fix.csv' });
  });
});

describe('the complaint', () => {
  it('is undefined if the file is completed and the counts match, with failed rows or without', () => {
    expect(findComplaint(summarize(completed, { storedTasks: 998 }))).toBeUndefined();
  });

  it('is the reason of a failed file', () => {
    const failure = { code: 'MISSING_COLUMN', message: 'The header lacks "title".' };
    expect(findComplaint(summarize(taskFile({ status: 'FAILED', failure }), { storedTasks: 0 }))).toBe(
      'paint.csv ended FAILED (MISSING_COLUMN): The header lacks "title".',
    );
  });

  it('is the status of a cancelled file', () => {
    expect(findComplaint(summarize(taskFile({ status: 'CANCELLED' }), { storedTasks: 0 }))).toBe(
      'paint.csv ended CANCELLED.',
    );
  });

  it('is a count that does not match', () => {
    expect(findComplaint(summarize(completed, { storedTasks: 997 }))).toBe(
      'paint.csv is COMPLETED with 998 processed rows, but 997 tasks are stored.',
    );
  });
});
