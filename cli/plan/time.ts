/** What holds the rows per second down. */
export interface Bound {
  readonly name: string;
  readonly rowsPerSecond: number;
  /** A bound that doubles with each period, up to this; absent: it stays as it is. */
  readonly growsTo?: number;
  readonly why: string;
}

export interface Span {
  readonly seconds: number;
  /** The bound that holds for the longest time. */
  readonly binding: Bound;
  /** Seconds for which each bound is the lowest; those that never are, are left out. */
  readonly bindsFor: ReadonlyMap<Bound, number>;
}

/** How long so many rows take if everything runs side by side: at each moment as fast as the lowest bound. */
export function spanOf(rows: number, bounds: readonly [Bound, ...Bound[]], periodSeconds: number): Span {
  const bindsFor = new Map<Bound, number>();
  let left = rows;
  for (let period = 0; left > 0; period++) {
    const lowest = least(bounds, (bound) => rateIn(bound, period));
    const rate = rateIn(lowest, period);
    const needed = left / rate;
    // Once nothing grows any more, one last period takes all that is left.
    const seconds = bounds.some((bound) => rateIn(bound, period + 1) > rateIn(bound, period))
      ? Math.min(needed, periodSeconds)
      : needed;
    bindsFor.set(lowest, (bindsFor.get(lowest) ?? 0) + seconds);
    left = seconds === needed ? 0 : left - seconds * rate;
  }
  const times = [...bindsFor.values()];
  const seconds = times.reduce((sum, time) => sum + time, 0);
  return { seconds, bindsFor, binding: least(bounds, (bound) => -(bindsFor.get(bound) ?? 0)) };
}

const rateIn = ({ rowsPerSecond, growsTo = rowsPerSecond }: Bound, period: number): number =>
  Math.min(rowsPerSecond * 2 ** period, growsTo);

const least = (bounds: readonly [Bound, ...Bound[]], by: (bound: Bound) => number): Bound =>
  bounds.reduce((best, bound) => (by(bound) < by(best) ? bound : best), bounds[0]);
