/** A limit of the rows per second. */
export interface Bound {
  readonly name: string;
  readonly rowsPerSecond: number;
  /** The bound doubles with each period, up to this. Absent: it stays constant. */
  readonly growsTo?: number;
  readonly why: string;
}

export interface Span {
  readonly seconds: number;
  /** The bound that is the lowest for the longest time. */
  readonly binding: Bound;
  /** The seconds for which each bound is the lowest. A bound that never is has no entry. */
  readonly bindsFor: ReadonlyMap<Bound, number>;
}

/** Computes how long so many rows take, if everything runs in parallel at the speed of the lowest bound. */
export function spanOf(rows: number, bounds: readonly [Bound, ...Bound[]], periodSeconds: number): Span {
  const bindsFor = new Map<Bound, number>();
  let left = rows;
  for (let period = 0; left > 0; period++) {
    const lowest = least(bounds, (bound) => rateIn(bound, period));
    const rate = rateIn(lowest, period);
    const needed = left / rate;
    // Once no bound grows, one last period takes all the rest.
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
