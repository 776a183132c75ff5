import { availableParallelism } from 'node:os';

/** The limit of all functions together: thirty megabytes each, a gigabyte in all. */
const SANDBOXES_MAX = 32;

/** The sandboxes of one function, as the budget sees them. */
export interface BudgetedPool {
  /** The sandboxes that run or start. */
  readonly size: number;
  /** Since when the sandbox that has been idle the longest is idle. Undefined if all are busy. */
  readonly idleSince: number | undefined;
  /** Ends that sandbox. */
  endIdle(): void;
}

/**
 * Limits how many sandboxes run at once, so that memory does not grow with the number of callers and functions. A
 * function may always start its first sandbox, so no function waits for another.
 */
export class SandboxBudget {
  readonly #max: number;
  readonly #pools = new Set<BudgetedPool>();
  readonly #waiting: (() => void)[] = [];
  #freeSlots = availableParallelism();

  constructor(max = SANDBOXES_MAX) {
    this.#max = max;
  }

  add(pool: BudgetedPool): void {
    this.#pools.add(pool);
  }

  /**
   * Returns true if the pool may start one more sandbox. If the limit is reached, ends the sandbox that has been idle
   * the longest.
   */
  allows(pool: BudgetedPool): boolean {
    if (this.#total() < this.#max) return true;
    const idle = [...this.#pools].filter(({ idleSince }) => idleSince !== undefined);
    const [longest] = idle.toSorted((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0));
    longest?.endIdle();
    return longest !== undefined || pool.size === 0;
  }

  /**
   * Waits for a slot to start a sandbox; the caller disposes the slot to free it. There are as many slots as
   * processors: a start keeps one busy, and sixteen starts at once would each exceed their time limit.
   */
  async takeStartSlot(): Promise<Disposable> {
    if (this.#freeSlots > 0) this.#freeSlots--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return { [Symbol.dispose]: () => this.#releaseSlot() };
  }

  #releaseSlot(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#freeSlots++;
  }

  #total(): number {
    return [...this.#pools].reduce((sum, { size }) => sum + size, 0);
  }
}
