import { TRY_ENDS_AFTER_MILLISECONDS, type SegmentKey } from '../../../src/engine/index.ts';
import type { Process, Turn, Waiting } from './process.ts';

interface Try {
  readonly row: string;
  readonly at: number;
  readonly process: Process;
  /** Its worker tried to take it back and could not: nobody can tell it from one whose worker died. */
  isAnswerLost: boolean;
}

/**
 * Over which rows workers died that tried them alone, told from what became of the processes and not from what they noted
 * themselves: the engine may fail a row for nothing else.
 */
export class Deaths {
  #open: Try[] = [];
  readonly #most = new Map<string, number>();

  /** The most deaths in a row that a worker could know of. */
  most(runId: string, index: number): number {
    return Math.max(0, ...Array.from(this.#most, ([row, deaths]) => (isRowOf(row, runId, index) ? deaths : 0)));
  }

  /** A call of a process had its turn. `isAtWork`: it has neither ended nor lost its messages to another. */
  see(process: Process, waiting: Waiting, turn: Turn, now: number, isAtWork: (process: Process) => boolean): void {
    const [key, batch, index] = waiting.args as [SegmentKey, number, number];
    const hadEffect = turn === 'go' || turn === 'error-after';
    if (waiting.call === 'tries.begin' && hadEffect) {
      this.#open.push({ row: rowOf(key, batch, index), at: now, process, isAnswerLost: false });
    } else if (waiting.call === 'tries.answer') {
      const row = rowOf(key, batch, index);
      if (hadEffect) this.#open = this.#open.filter((one) => one.row !== row);
      else for (const one of this.#open) if (one.row === row && one.process === process) one.isAnswerLost = true;
    } else if (waiting.call === 'tries.unanswered') this.#count(now, isAtWork);
  }

  /** A worker is about to judge. */
  #count(now: number, isAtWork: (process: Process) => boolean): void {
    const isDeath = ({ at, process, isAnswerLost }: Try): boolean =>
      // No function runs for as long as this: what a slow world still lets go on would have been ended long ago.
      isAnswerLost || !process.isAlive || (isAtWork(process) && at <= now - TRY_ENDS_AFTER_MILLISECONDS);
    const byRow = Map.groupBy(this.#open.filter(isDeath), ({ row }) => row);
    for (const [row, deaths] of byRow) this.#most.set(row, Math.max(this.#most.get(row) ?? 0, deaths.length));
  }
}

const rowOf = ({ runId }: SegmentKey, batch: number, index: number): string => `${runId} ${batch} ${index}`;

function isRowOf(row: string, runId: string, index: number): boolean {
  const [run, , item] = row.split(' ');
  return run === runId && Number(item) === index;
}
