import { GROUPS_MAX } from '../../contract/index.ts';
import type { FailureGroup, ItemFailure, JobReport } from '../../engine/index.ts';

/** Bounds the memory of the count, regardless of how many codes a job has. */
const KINDS_MAX = 1_000;

/** Counts failed items by code and column. */
export class FailureGroups {
  readonly #groups = new Map<string, FailureGroup>();
  #others = 0;

  constructor(groups: readonly FailureGroup[] = []) {
    for (const group of groups) this.#groups.set(kindOf(group), group);
  }

  /** All groups, in the order in which they appeared, so that another invocation can continue the count. */
  get all(): readonly FailureGroup[] {
    return [...this.#groups.values()];
  }

  add({ code, column, index, message }: ItemFailure): void {
    const kind = kindOf({ code, ...(column !== undefined && { column }) });
    const group = this.#groups.get(kind);
    if (group) this.#groups.set(kind, { ...group, count: group.count + 1 });
    else if (this.#groups.size >= KINDS_MAX) this.#others += 1;
    else {
      const first = { code, ...(column !== undefined && { column }), count: 1, firstIndex: index, message };
      this.#groups.set(kind, first);
    }
  }

  /** The largest groups, and the number of items in all others. */
  largest(): Pick<JobReport, 'groups' | 'others'> {
    const sorted = this.all.toSorted((a, b) => b.count - a.count);
    const rest = sorted.slice(GROUPS_MAX).reduce((sum, { count }) => sum + count, this.#others);
    return { groups: sorted.slice(0, GROUPS_MAX), others: rest };
  }
}

const kindOf = ({ code, column }: Pick<FailureGroup, 'code' | 'column'>): string => `${code}\n${column ?? ''}`;
