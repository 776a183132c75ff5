/**
 * A set of whole numbers, as sorted, disjoint, non-adjacent inclusive ranges. Segments close nearly in order, so the
 * set has a few ranges, whatever the size of the source.
 */
export type Ranges = readonly (readonly [first: number, last: number])[];

export const includes = (ranges: Ranges, value: number): boolean =>
  ranges.some(([first, last]) => first <= value && value <= last);

/** Returns the set with `value` added. A value that is in the set already changes nothing. */
export function add(ranges: Ranges, value: number): Ranges {
  let [first, last] = [value, value];
  const apart: (readonly [number, number])[] = [];
  for (const range of ranges) {
    if (range[1] < first - 1 || range[0] > last + 1) apart.push(range);
    else [first, last] = [Math.min(first, range[0]), Math.max(last, range[1])];
  }
  return [...apart, [first, last] as const].toSorted((a, b) => a[0] - b[0]);
}

/** Whether the set is exactly 0 … count − 1. Every set covers 0 values. */
export const coversThrough = (ranges: Ranges, count: number): boolean =>
  count === 0 || (ranges.length === 1 && ranges[0]?.[0] === 0 && ranges[0][1] === count - 1);
