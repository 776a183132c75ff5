import type { TaskFile } from '../../src/contract/index.ts';
import { count, duration } from './format.ts';

const BAR_WIDTH = 28;
/** A shorter bar shows nothing. */
const BAR_WIDTH_MIN = 5;
/** Without a terminal, a line is printed each time that this much more is done, so that a log stays short. */
const STEP_PERCENT = 10;
const CLEAR_LINE = '\r\u001B[K';

const TICK_SECONDS = 1;
/** The period of a note without a terminal. */
const LOGGED_TICK_SECONDS = 10;

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Calls `tick` every so many seconds, until the returned function is called. */
export type Ticker = (seconds: number, tick: () => void) => () => void;

const clock: Ticker = (seconds, tick) => {
  const timer = setInterval(tick, seconds * 1_000).unref();
  return () => clearInterval(timer);
};

/** Shows progress: one line that is redrawn on a terminal, and a few plain lines anywhere else. */
export class Progress {
  readonly #out: Terminal;
  readonly #ticker: Ticker;
  #stopTicking: (() => void) | undefined;
  #printedPercent = -Infinity;
  #isDrawn = false;

  constructor(out: Terminal, ticker: Ticker = clock) {
    this.#out = out;
    this.#ticker = ticker;
  }

  show(taskFile: TaskFile): void {
    this.#stopTicking?.();
    if (this.#out.isTTY) this.#draw(formatLine(taskFile, this.#width));
    else this.#print(taskFile);
  }

  /** Shows a step without a percentage, and the seconds that it takes. On a terminal, the next output replaces it. */
  note(text: string): void {
    this.#stopTicking?.();
    this.#say(text);
    const period = this.#out.isTTY ? TICK_SECONDS : LOGGED_TICK_SECONDS;
    let seconds = 0;
    this.#stopTicking = this.#ticker(period, () => {
      seconds += period;
      this.#say(`${text} ${seconds} s`);
    });
  }

  /** Stops the clock, and leaves a clean line. */
  clear(): void {
    this.#stopTicking?.();
    if (this.#isDrawn) this.#out.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  #say(text: string): void {
    if (this.#out.isTTY) this.#draw(text);
    else this.#out.write(`${text}\n`);
  }

  /** A line that wraps cannot be redrawn. Some terminals report 0 columns. */
  get #width(): number {
    return (this.#out.columns || 80) - 1;
  }

  #draw(line: string): void {
    this.#out.write(CLEAR_LINE + line.slice(0, this.#width));
    this.#isDrawn = true;
  }

  #print(taskFile: TaskFile): void {
    const isDone = taskFile.percent >= 100 && this.#printedPercent < 100;
    if (taskFile.percent < this.#printedPercent + STEP_PERCENT && !isDone) return;
    this.#printedPercent = taskFile.percent;
    this.#out.write(`${formatProgress(taskFile)}\n`);
  }
}

export function bar(percent: number, width = BAR_WIDTH): string {
  const filled = Math.round((Math.min(Math.max(percent, 0), 100) / 100) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** The parts that a narrow line leaves out, in this order. Percent and time left stay. */
const DISPENSABLE = ['speed', 'status', 'failed', 'rows'] as const;

/** Formats the line. The bar takes the width that the words leave. If that is too little, some words are left out. */
function formatLine(taskFile: TaskFile, width: number): string {
  const words = toParts(taskFile);
  for (const name of DISPENSABLE) if (joinParts(words).length > width) words.delete(name);
  const text = joinParts(words);
  const barWidth = Math.min(BAR_WIDTH, width - text.length - 1);
  return barWidth < BAR_WIDTH_MIN ? text : `${bar(taskFile.percent, barWidth)} ${text}`;
}

/** Formats the words: `IN_PROGRESS  42 %  420 of 1,000 rows  2 failed  3,100 rows/s  0.20 s left` */
export const formatProgress = (taskFile: TaskFile): string => joinParts(toParts(taskFile));

const joinParts = (parts: ReadonlyMap<string, string>): string => [...parts.values()].join('  ');

function toParts(taskFile: TaskFile): Map<string, string> {
  const { status, percent, processedCount, failedCount, rowsPerSecond, etaSeconds } = taskFile;
  const total = `${count(taskFile.recordCount)}${taskFile.totalIsFinal ? '' : '+'}`;
  return new Map([
    ['status', status],
    ['percent', `${Math.floor(percent)} %`],
    ['rows', `${count(processedCount + failedCount)} of ${total} rows`],
    ...(failedCount > 0 ? [['failed', `${count(failedCount)} failed`] as const] : []),
    ...(rowsPerSecond > 0 ? [['speed', `${count(rowsPerSecond)} rows/s`] as const] : []),
    ...(etaSeconds !== null && etaSeconds > 0 ? [['left', `${duration(etaSeconds)} left`] as const] : []),
  ]);
}
