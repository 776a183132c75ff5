/**
 * Returns the middle of the samples; of an even number, the mean of the two in the middle.
 *
 * @throws RangeError without samples
 */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('A median needs at least one sample.');
  return (lower + upper) / 2;
}

/** Returns the smallest sample that at least this share (above 0, up to 1) of all samples does not exceed. */
export function quantile(samples: readonly number[], share: number): number {
  const found = samples.toSorted((a, b) => a - b)[Math.ceil(samples.length * share) - 1];
  if (found === undefined) {
    throw new RangeError(`No quantile ${share} of ${samples.length} samples. Allowed: a share above 0, up to 1.`);
  }
  return found;
}
