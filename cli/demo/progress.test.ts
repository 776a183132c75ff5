import { describe, expect, it } from '@jest/globals';
import type { TaskFile } from '../../src/contract/index.ts';
import { bar, describe as describeFile, Progress } from './progress.ts';
import { taskFile } from '../../test/kit/task-file.ts';

/** What a terminal was sent, piece by piece. */
function screen(options: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  return { ...options, written, write: (text: string) => written.push(text) };
}

const at = (percent: number): TaskFile =>
  taskFile({ status: 'IN_PROGRESS', percent, recordCount: 100, processedCount: percent });

describe('the bar', () => {
  it.each([
    [0, 0],
    [50, 14],
    [100, 28],
    [140, 28],
  ])('at %d percent has %d of 28 blocks', (percent, blocks) => {
    expect(bar(percent)).toBe('█'.repeat(blocks) + '░'.repeat(28 - blocks));
  });
});

describe('the line', () => {
  it('says how far, how fast and how long', () => {
    const running = taskFile({
      status: 'IN_PROGRESS',
      recordCount: 12_000,
      totalIsFinal: true,
      processedCount: 2_990,
      failedCount: 10,
      percent: 25.9,
      rowsPerSecond: 1_500.4,
      etaSeconds: 6,
    });
    expect(describeFile(running)).toBe('IN_PROGRESS  25 %  3,000 of 12,000 rows  10 failed  1,500 rows/s  6.00 s left');
  });

  it('marks a total that still grows, and leaves out what nobody knows', () => {
    expect(describeFile(taskFile({ recordCount: 75 }))).toBe('NEW  0 %  0 of 75+ rows');
  });
});

describe('progress', () => {
  it('draws over its own line on a terminal and leaves a clean one', () => {
    const out = screen({ isTTY: true, columns: 40 });
    const progress = new Progress(out);
    progress.note('Starting ...');
    progress.show(at(50));
    progress.clear();
    progress.clear();
    expect(out.written).toEqual([
      '\r\u001B[KStarting ...',
      expect.stringMatching(/^\r\u001B\[K█+░+ IN_PROGRES/),
      '\r\u001B[K',
    ]);
    expect(out.written[1]).toHaveLength('\r\u001B[K'.length + 39);
  });

  it('prints a plain line for every tenth, and the last', () => {
    const out = screen({});
    const progress = new Progress(out);
    progress.note('Starting ...');
    for (const percent of [0, 3, 9, 12, 95, 99, 100, 100]) progress.show(at(percent));
    progress.clear();
    expect(out.written.map((line) => / (\d+) %/.exec(line)?.[1])).toEqual([undefined, '0', '12', '95', '100']);
  });
});
