import { TRY_ENDS_AFTER_MILLISECONDS, type SegmentKey, type Tried } from '../../../src/engine/index.ts';
import type { Process, Turn, Waiting } from './process.ts';

interface Try {
  readonly row: string;
  readonly at: number;
  readonly process: Process;
  /** How often its worker tried to take it back and could not. */
  lostAnswers: number;
}

/**
 * Over which rows and readings workers died that tried them alone, told from what became of the processes and not from
 * what they noted themselves: the engine may fail a row for nothing else.
 */
export class Deaths {
  #open: Try[] = [];
  readonly #enough: number;
  readonly #most = new Map<string, number>();

  /** `enough`: after so many answers that were lost, nobody can tell a try from one whose worker died. */
  constructor(enough: number) {
    this.#enough = enough;
  }

  /** The most deaths in a row that a worker could know of; of readings, at any one place of the source. */
  most(runId: string, tried: Tried): number {
    return Math.max(0, ...Array.from(this.#most, ([row, deaths]) => (isOf(row, runId, tried) ? deaths : 0)));
  }

  /** A call of a process had its turn. `isAtWork`: it has neither ended nor lost its messages to another. */
  see(process: Process, waiting: Waiting, turn: Turn, now: number, isAtWork: (process: Process) => boolean): void {
    const [key, batch, tried, at] = waiting.args as [SegmentKey, number, Tried, number];
    const hadEffect = turn === 'go' || turn === 'error-after';
    if (waiting.call === 'tries.begin' && hadEffect) {
      // The instant that it noted: its call may have waited long for its turn.
      this.#open.push({ row: rowOf(key, batch, tried), at, process, lostAnswers: 0 });
    } else if (waiting.call === 'tries.end') {
      const row = rowOf(key, batch, tried);
      if (hadEffect) this.#open = this.#open.filter((one) => one.row !== row);
      else for (const one of this.#open) if (one.row === row && one.process === process) one.lostAnswers += 1;
    } else if (waiting.call === 'tries.readOpen') this.#count(now, isAtWork);
  }

  /** A worker is about to judge. */
  #count(now: number, isAtWork: (process: Process) => boolean): void {
    const isDeath = ({ at, process, lostAnswers }: Try): boolean =>
      // No function runs for as long as this: what a slow world still lets go on would have been ended long ago.
      lostAnswers >= this.#enough || !process.isAlive || (isAtWork(process) && at <= now - TRY_ENDS_AFTER_MILLISECONDS);
    const byRow = Map.groupBy(this.#open.filter(isDeath), ({ row }) => row);
    for (const [row, deaths] of byRow) this.#most.set(row, Math.max(this.#most.get(row) ?? 0, deaths.length));
  }
}

const rowOf = ({ runId }: SegmentKey, batch: number, tried: Tried): string => `${runId} ${batch} ${tried}`;

function isOf(row: string, runId: string, tried: Tried): boolean {
  const [run, , one] = row.split(' ');
  return run === runId && one === String(tried);
}
