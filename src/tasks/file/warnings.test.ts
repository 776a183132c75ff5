import { describe, expect, it } from '@jest/globals';
import { taskFile } from '../../contract/index.ts';
import { progressOf, type Job } from '../../engine/index.ts';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { toTaskFile } from './to-task-file.ts';

const warningsIn = (changes: Partial<Job>) => {
  const job = aRunningJob(changes);
  return taskFile.parse(toTaskFile(job, progressOf(job, [], 0))).warnings;
};

describe('what the reader of a file decided by itself', () => {
  it('is nothing to tell where nothing was left open', () => {
    expect(warningsIn({ header: ['Title', 'Due At', '', '_row', '_error_code'] })).toBeUndefined();
    const job = aRunningJob({ header: ['title'] });
    expect(toTaskFile(job, progressOf(job, [], 0))).not.toHaveProperty('warnings');
  });

  it('is told in words: columns that were ignored, and what they may be meant as', () => {
    const header = ['Title', 'Details', 'Due date', 'Done', 'Colour'];
    expect(warningsIn({ header })).toEqual([
      {
        code: 'COLUMNS_IGNORED',
        message:
          '4 columns were ignored: "Details" (did you mean detail?), "Due date" (did you mean dueAt?), "Done" (did you mean isComplete?), "Colour". ' +
          'These are known: title, detail, dueAt, isComplete. With strict=true such a file is refused.',
        columns: [
          { name: 'Details', likely: 'detail' },
          { name: 'Due date', likely: 'dueAt' },
          { name: 'Done', likely: 'isComplete' },
          { name: 'Colour' },
        ],
      },
    ]);
    expect(warningsIn({ header: ['title', 'x\uD800'] })?.[0]?.message.isWellFormed()).toBe(true);
    expect(warningsIn({ header: ['title', 'x'] })).toMatchObject([
      { message: expect.stringMatching(/^1 column was ignored: "x"\. /) },
    ]);
  });

  it('names the first of many, and never a long name whole', () => {
    const header = ['title', 'y'.repeat(1_000), ...Array.from({ length: 9 }, (_, number) => `column ${number}`)];
    const [warning] = warningsIn({ header }) ?? [];
    expect(warning?.columns).toHaveLength(5);
    expect(warning?.message).toContain(`"${'y'.repeat(100)}…"`);
    expect(warning?.message).toContain('"column 3", and 5 more.');
  });

  it('is told where rows came before: the same bytes, else most of the first rows', () => {
    const [warning, ...others] = warningsIn({ header: ['title'], similarTo: 'earlier' }) ?? [];
    expect(warning).toMatchObject({ code: 'SAME_ROWS', message: expect.stringContaining('task file earlier') });
    expect(others).toEqual([]);
    expect(warningsIn({ header: ['title'], similarTo: 'earlier', sameAs: 'twin' })).toMatchObject([
      { code: 'SAME_CONTENT', message: expect.stringContaining('task file twin') },
    ]);
  });

  it('is told where a first column without a title was taken for row names', () => {
    const told = [{ code: 'ROW_NAMES_IGNORED', message: expect.stringMatching(/^The first column has no title: /) }];
    expect(warningsIn({ header: ['', 'title'] })).toEqual(told);
    expect(warningsIn({ header: ['\u200B', 'title', ''] })).toEqual(told);
    expect(warningsIn({ header: ['title', '', ''] })).toBeUndefined();
  });

  it('is told where lines before the header were skipped', () => {
    const skipping = (skippedLines: number) =>
      warningsIn({ header: ['title'], format: { type: 'csv', encoding: 'utf-8', delimiter: ',', skippedLines } });
    expect([skipping(1), skipping(3)]).toEqual([
      [{ code: 'LINES_SKIPPED', message: 'The header was found in line 2; the line before it was skipped.' }],
      [{ code: 'LINES_SKIPPED', message: 'The header was found in line 4; the 3 lines before it were skipped.' }],
    ]);
  });

  it('is told where an encoding was assumed, and not where it was asked for', () => {
    const format = { type: 'csv', encoding: 'windows-1252', delimiter: ',' } as const;
    expect(warningsIn({ header: ['title'], format })).toMatchObject([{ code: 'ENCODING_ASSUMED' }]);
    expect(warningsIn({ header: ['title'], format, options: { encoding: 'windows-1252' } })).toBeUndefined();
  });
});
