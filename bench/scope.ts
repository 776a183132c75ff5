/** What one run of the benchmark covers. */
export interface Scope {
  readonly name: 'quick' | 'standard' | 'full';
  /** The rows of the file by which project, textbook and ceiling are compared. */
  readonly rows: number;
  /** The number of samples of each. */
  readonly runs: number;
  /** The sizes of the files by which the project is compared with itself, ascending; `rows` is one of them. */
  readonly sizes: readonly number[];
}

const SCOPES: Readonly<Record<Scope['name'], Scope>> = {
  quick: { name: 'quick', rows: 10_000, runs: 1, sizes: [10_000] },
  standard: { name: 'standard', rows: 100_000, runs: 3, sizes: [10_000, 100_000] },
  full: { name: 'full', rows: 100_000, runs: 3, sizes: [10_000, 100_000, 1_000_000] },
};

export interface RequestedScope {
  readonly quick?: boolean;
  readonly full?: boolean;
  /** Replaces the rows of the scope. */
  readonly rows?: number;
  readonly runs?: number;
}

export function toScope({ quick = false, full = false, rows, runs }: RequestedScope): Scope {
  const scope = SCOPES[full ? 'full' : quick ? 'quick' : 'standard'];
  const compared = rows ?? scope.rows;
  const others = scope.sizes.filter((size) => size !== scope.rows && size !== compared);
  return { ...scope, rows: compared, runs: runs ?? scope.runs, sizes: [...others, compared].toSorted((a, b) => a - b) };
}
