const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats a number: 12,345. */
export const count = (value: number): string => whole.format(value);

/** Formats a time: 0.42 s, 12.3 s, 4 min 5 s. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}
