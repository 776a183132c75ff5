/** A goal of the benchmark and what was measured; undefined: this run did not measure it. */
export interface Goal {
  readonly name: string;
  readonly limit: number;
  readonly wanted: 'at least' | 'at most';
  readonly measured: number | undefined;
}

export function verdictOf({ limit, wanted, measured }: Goal): 'pass' | 'MISS' | 'not measured' {
  if (measured === undefined) return 'not measured';
  return (wanted === 'at least' ? measured >= limit : measured <= limit) ? 'pass' : 'MISS';
}

export const lineOf = (goal: Goal): string =>
  `${verdictOf(goal)}: ${goal.name}: ${goal.measured?.toFixed(3) ?? '-'} (${goal.wanted} ${goal.limit})`;
