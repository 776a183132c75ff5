import type { TaskFile } from '../../src/contract/index.ts';
import { count, duration } from './format.ts';

const BAR_WIDTH = 28;
/** Without a terminal a line is printed whenever this much more is done, so that a log stays short. */
const STEP_PERCENT = 10;
const CLEAR_LINE = '\r\u001B[K';

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line that is drawn over itself on a terminal, and a few plain lines anywhere else. */
export class Progress {
  readonly #out: Terminal;
  #printedPercent = -Infinity;
  #isDrawn = false;

  constructor(out: Terminal) {
    this.#out = out;
  }

  show(taskFile: TaskFile): void {
    if (this.#out.isTTY) this.#draw(`${bar(taskFile.percent)} ${describe(taskFile)}`);
    else this.#print(taskFile);
  }

  /** Something that has no percentage; replaced by whatever comes next on a terminal. */
  note(text: string): void {
    if (this.#out.isTTY) this.#draw(text);
    else this.#out.write(`${text}\n`);
  }

  /** Leaves a clean line behind. */
  clear(): void {
    if (this.#isDrawn) this.#out.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  #draw(line: string): void {
    // A line that wraps could not be drawn over. Some terminals say that they have 0 columns.
    this.#out.write(CLEAR_LINE + line.slice(0, (this.#out.columns || 80) - 1));
    this.#isDrawn = true;
  }

  #print(taskFile: TaskFile): void {
    const isDone = taskFile.percent >= 100 && this.#printedPercent < 100;
    if (taskFile.percent < this.#printedPercent + STEP_PERCENT && !isDone) return;
    this.#printedPercent = taskFile.percent;
    this.#out.write(`${describe(taskFile)}\n`);
  }
}

export function bar(percent: number): string {
  const filled = Math.round((Math.min(Math.max(percent, 0), 100) / 100) * BAR_WIDTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

/** `IN_PROGRESS  42 %  420 of 1,000 rows  2 failed  3,100 rows/s  0.20 s left` */
export function describe(taskFile: TaskFile): string {
  const { status, percent, processedCount, failedCount, rowsPerSecond, etaSeconds } = taskFile;
  const parts = [
    status,
    `${Math.floor(percent)} %`,
    `${count(processedCount + failedCount)} of ${count(taskFile.recordCount)}${taskFile.totalIsFinal ? '' : '+'} rows`,
    failedCount > 0 ? `${count(failedCount)} failed` : '',
    rowsPerSecond > 0 ? `${count(rowsPerSecond)} rows/s` : '',
    etaSeconds !== null && etaSeconds > 0 ? `${duration(etaSeconds)} left` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}
