import { TRY_ENDS_AFTER_MILLISECONDS, type SegmentKey, type Tried } from '../../../src/engine/index.ts';
import type { Process, Turn, Waiting } from './process.ts';

interface Try {
  readonly row: string;
  readonly at: number;
  readonly process: Process;
  /** How often its worker tried to take it back and failed. */
  failedTakeBacks: number;
}

/**
 * The rows and readings over which workers died that tried them alone. The count comes from what happened to the
 * processes, not from what they noted. The engine may give up a row for no other reason.
 */
export class Deaths {
  #open: Try[] = [];
  readonly #enough: number;
  readonly #most = new Map<string, number>();

  /** `enough`: after so many failed attempts to take a try back, it looks like a try whose worker died. */
  constructor(enough: number) {
    this.#enough = enough;
  }

  /** The most deaths in succession that a worker could know of. For readings: at any one position of the source. */
  most(runId: string, tried: Tried): number {
    return Math.max(0, ...Array.from(this.#most, ([row, deaths]) => (isOf(row, runId, tried) ? deaths : 0)));
  }

  /** Notes a call that had its turn. `isAtWork`: the process has neither ended nor lost its messages to another. */
  see(process: Process, waiting: Waiting, turn: Turn, now: number, isAtWork: (process: Process) => boolean): void {
    const [key, batch, tried, at] = waiting.args as [SegmentKey, number, Tried, number];
    const hadEffect = turn === 'go' || turn === 'error-after';
    if (waiting.call === 'tries.begin' && hadEffect) {
      // Use the instant in the note, because its call may have waited long for its turn.
      this.#open.push({ row: rowOf(key, batch, tried), at, process, failedTakeBacks: 0 });
    } else if (waiting.call === 'tries.end') {
      const row = rowOf(key, batch, tried);
      if (hadEffect) this.#open = this.#open.filter((one) => one.row !== row);
      else for (const one of this.#open) if (one.row === row && one.process === process) one.failedTakeBacks += 1;
    } else if (waiting.call === 'tries.readOpen') this.#count(now, isAtWork);
  }

  /** Counts the deaths that a worker sees when it reads the open tries. */
  #count(now: number, isAtWork: (process: Process) => boolean): void {
    const isDeath = ({ at, process, failedTakeBacks }: Try): boolean =>
      // No function runs for this long. A slow world may still run it, but Lambda would have ended it.
      failedTakeBacks >= this.#enough ||
      !process.isAlive ||
      (isAtWork(process) && at <= now - TRY_ENDS_AFTER_MILLISECONDS);
    const byRow = Map.groupBy(this.#open.filter(isDeath), ({ row }) => row);
    for (const [row, deaths] of byRow) this.#most.set(row, Math.max(this.#most.get(row) ?? 0, deaths.length));
  }
}

const rowOf = ({ runId }: SegmentKey, batch: number, tried: Tried): string => `${runId} ${batch} ${tried}`;

function isOf(row: string, runId: string, tried: Tried): boolean {
  const [run, , one] = row.split(' ');
  return run === runId && one === String(tried);
}
