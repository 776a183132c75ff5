import { availableParallelism } from 'node:os';

/** Of all functions together: thirty megabytes each, a gigabyte in all. */
const SANDBOXES_MAX = 32;

/** The sandboxes of one function, as far as the budget is concerned. */
export interface BudgetedPool {
  /** Sandboxes that live or start. */
  readonly size: number;
  /** Since when its longest unused sandbox has had nothing to do; undefined if every one is at work. */
  readonly idleSince: number | undefined;
  /** Ends that sandbox. */
  endIdle(): void;
}

/**
 * Bounds how many sandboxes live at once, so that memory does not grow with the number of callers and of functions that
 * they call. The first sandbox of a function is always allowed: no function waits for another one.
 */
export class SandboxBudget {
  readonly #max: number;
  readonly #pools = new Set<BudgetedPool>();
  readonly #waiting: (() => void)[] = [];
  #turns = availableParallelism();

  constructor(max = SANDBOXES_MAX) {
    this.#max = max;
  }

  add(pool: BudgetedPool): void {
    this.#pools.add(pool);
  }

  /**
   * True if a pool may start one more; a sandbox that has been idle the longest gives up its place if there is no
   * other.
   */
  allows(pool: BudgetedPool): boolean {
    if (this.#total() < this.#max) return true;
    const idle = [...this.#pools].filter(({ idleSince }) => idleSince !== undefined);
    const [longest] = idle.toSorted((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0));
    longest?.endIdle();
    return longest !== undefined || pool.size === 0;
  }

  /**
   * Waits for a turn to start a sandbox, which ends when it is disposed. A start takes a processor for itself: of
   * sixteen at once each would take so long that it runs out of the time for it.
   */
  async turn(): Promise<Disposable> {
    if (this.#turns > 0) this.#turns--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return { [Symbol.dispose]: () => this.#endTurn() };
  }

  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#turns++;
  }

  #total(): number {
    return [...this.#pools].reduce((sum, { size }) => sum + size, 0);
  }
}
