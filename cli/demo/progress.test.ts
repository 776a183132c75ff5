import { describe, expect, it } from '@jest/globals';
import type { TaskFile } from '../../src/contract/index.ts';
import { bar, formatProgress, Progress } from './progress.ts';
import { taskFile } from '../../test/kit/task-file.ts';

/** A terminal that keeps what it was sent, piece by piece. */
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
  it('has the progress, the speed and the time left', () => {
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
    expect(formatProgress(running)).toBe(
      'IN_PROGRESS  25 %  3,000 of 12,000 rows  10 failed  1,500 rows/s  6.00 s left',
    );
  });

  it('marks a total that still grows, and leaves out what is unknown', () => {
    expect(formatProgress(taskFile({ recordCount: 75 }))).toBe('NEW  0 %  0 of 75+ rows');
  });
});

describe('the line of a terminal', () => {
  const running = taskFile({
    status: 'IN_PROGRESS',
    recordCount: 1_000_000,
    processedCount: 250_000,
    failedCount: 12_345,
    percent: 26,
    rowsPerSecond: 9_876,
    etaSeconds: 125,
  });
  const lineAt = (columns: number): string => {
    const out = screen({ isTTY: true, columns });
    new Progress(out).show(running);
    return out.written[0]!.replace('\r\u001B[K', '');
  };

  it.each([
    [140, 28, 'IN_PROGRESS  26 %  262,345 of 1,000,000+ rows  12,345 failed  9,876 rows/s  2 min 5 s left'],
    [80, 5, '26 %  262,345 of 1,000,000+ rows  12,345 failed  2 min 5 s left'],
    [60, 0, '26 %  262,345 of 1,000,000+ rows  2 min 5 s left'],
    [30, 0, '26 %  2 min 5 s left'],
  ])('%d columns wide has a bar of at least %d, and the time left', (columns, barWidth, words) => {
    const line = lineAt(columns);
    expect(line.length).toBeLessThan(columns);
    expect(line.endsWith(words)).toBe(true);
    expect(line.length - words.length).toBeGreaterThanOrEqual(barWidth);
  });
});

describe('a note', () => {
  /** A clock that ticks when the test calls `tick`. */
  function handClock() {
    const ticking = new Set<() => void>();
    const asked: number[] = [];
    const ticker = (seconds: number, tick: () => void) => {
      asked.push(seconds);
      ticking.add(tick);
      return () => void ticking.delete(tick);
    };
    return { ticker, asked, ticking, tick: () => ticking.forEach((one) => one()) };
  }

  it('shows each second how long it takes, until other output follows', () => {
    const out = screen({ isTTY: true });
    const hand = handClock();
    const progress = new Progress(out, hand.ticker);
    progress.note('Uploading ...');
    hand.tick();
    hand.tick();
    progress.show(at(50));
    hand.tick();
    expect(out.written.map((text) => text.slice(4))).toEqual([
      'Uploading ...',
      'Uploading ... 1 s',
      'Uploading ... 2 s',
      expect.stringContaining('50 %'),
    ]);
    progress.note('Counting ...');
    progress.clear();
    expect([hand.asked, hand.ticking.size]).toEqual([[1, 1], 0]);
  });

  it('shows it in a log every ten seconds', () => {
    const out = screen({});
    const hand = handClock();
    new Progress(out, hand.ticker).note('Uploading ...');
    hand.tick();
    expect([hand.asked, out.written]).toEqual([[10], ['Uploading ...\n', 'Uploading ... 10 s\n']]);
  });
});

describe('progress', () => {
  it('redraws its own line on a terminal, and leaves a clean one', () => {
    const out = screen({ isTTY: true, columns: 50 });
    const progress = new Progress(out);
    progress.note('Starting ...');
    progress.show(at(50));
    progress.clear();
    progress.clear();
    expect(out.written).toEqual([
      '\r\u001B[KStarting ...',
      expect.stringMatching(/^\r\u001B\[K█+░+ IN_PROGRESS .*50 %/),
      '\r\u001B[K',
    ]);
    expect(out.written[1]!.length).toBeLessThan('\r\u001B[K'.length + 50);
  });

  it('prints a plain line for every tenth, and a last one', () => {
    const out = screen({});
    const progress = new Progress(out);
    progress.note('Starting ...');
    for (const percent of [0, 3, 9, 12, 95, 99, 100, 100]) progress.show(at(percent));
    progress.clear();
    expect(out.written.map((line) => / (\d+) %/.exec(line)?.[1])).toEqual([undefined, '0', '12', '95', '100']);
  });
});
