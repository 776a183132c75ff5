import { describe, expect, it } from '@jest/globals';
import { taskFile } from '../../contract/index.ts';
import { progressOf, type Job } from '../../engine/index.ts';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { toTaskFile } from './to-task-file.ts';

const warningsIn = (changes: Partial<Job>) => {
  const job = aRunningJob(changes);
  return taskFile.parse(toTaskFile(job, progressOf(job, [], 0))).warnings;
};

describe('the warnings of a task file', () => {
  it('are absent if the reader had no choice to make', () => {
    expect(warningsIn({ header: ['Title', 'Due At', '', '_row', '_error_code'] })).toBeUndefined();
    const job = aRunningJob({ header: ['title'] });
    expect(toTaskFile(job, progressOf(job, [], 0))).not.toHaveProperty('warnings');
  });

  it('name the columns that were ignored, and what they may mean', () => {
    const header = ['Title', 'Details', 'Due date', 'Done', 'Colour'];
    expect(warningsIn({ header })).toEqual([
      {
        code: 'COLUMNS_IGNORED',
        message:
          '4 columns were ignored: "Details" (did you mean detail?), "Due date" (did you mean dueAt?), "Done" (did you mean isComplete?), "Colour". ' +
          'Known columns: title, detail, dueAt, isComplete. With strict=true, the service refuses such a file.',
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

  it('name the first of many columns, and shorten a long name', () => {
    const header = ['title', 'y'.repeat(1_000), ...Array.from({ length: 9 }, (_, number) => `column ${number}`)];
    const [warning] = warningsIn({ header }) ?? [];
    expect(warning?.columns).toHaveLength(5);
    expect(warning?.message).toContain(`"${'y'.repeat(100)}…"`);
    expect(warning?.message).toContain('"column 3", and 5 more.');
  });

  it('name an earlier file with the same bytes, or else with most of the first rows', () => {
    const [warning, ...others] = warningsIn({ header: ['title'], similarTo: 'earlier' }) ?? [];
    expect(warning).toMatchObject({ code: 'SAME_ROWS', message: expect.stringContaining('task file earlier') });
    expect(others).toEqual([]);
    expect(warningsIn({ header: ['title'], similarTo: 'earlier', sameAs: 'twin' })).toMatchObject([
      { code: 'SAME_CONTENT', message: expect.stringContaining('Task file twin') },
    ]);
  });

  it('say that a first column without a title was read as row names', () => {
    const expected = [
      { code: 'ROW_NAMES_IGNORED', message: expect.stringMatching(/^The first column has no title: /) },
    ];
    expect(warningsIn({ header: ['', 'title'] })).toEqual(expected);
    expect(warningsIn({ header: ['\u200B', 'title', ''] })).toEqual(expected);
    expect(warningsIn({ header: ['title', '', ''] })).toBeUndefined();
  });

  it('say how many lines before the header were skipped', () => {
    const skipping = (skippedLines: number) =>
      warningsIn({ header: ['title'], format: { type: 'csv', encoding: 'utf-8', delimiter: ',', skippedLines } });
    expect([skipping(1), skipping(3)]).toEqual([
      [{ code: 'LINES_SKIPPED', message: 'The header is line 2. The line before it was skipped.' }],
      [{ code: 'LINES_SKIPPED', message: 'The header is line 4. The 3 lines before it were skipped.' }],
    ]);
  });

  it('say that an encoding was assumed, unless the uploader named it', () => {
    const format = { type: 'csv', encoding: 'windows-1252', delimiter: ',' } as const;
    expect(warningsIn({ header: ['title'], format })).toMatchObject([{ code: 'ENCODING_ASSUMED' }]);
    expect(warningsIn({ header: ['title'], format, options: { encoding: 'windows-1252' } })).toBeUndefined();
  });
});
