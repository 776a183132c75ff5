import type { BillLine } from './bill.ts';
import { dollarsOf } from './bill.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** Formats a number: 12,345 or 0.42. */
export const count = (value: number): string => (value < 100 ? small : whole).format(value);

/** Formats dollars: $1,234.50, or $0.0031 where cents would show nothing. */
export function dollars(value: number): string {
  if (value >= 0.1 || value === 0)
    return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  return `$${value.toFixed(4)}`;
}

/** Formats dollars per million rows, to a tenth of a cent. */
export const rate = (value: number): string => `$${value.toFixed(3)}`;

/** Formats a time as exactly as such a plan can be: 4.2 s, 36 min, 2 h 45 min, 7.2 days. */
export function span(seconds: number): string {
  if (seconds < 100) return `${small.format(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${(minutes / 24 / 60).toFixed(1)} days`;
}

/** Formats a line of a bill: 10,050,000 write units × $0.625 / 1,000,000 = $6.28. */
export function sum(line: BillLine): string {
  const { value, per, unit } = line.price;
  const price = per === 1 ? `$${value}` : `$${value} / ${whole.format(per)}`;
  return `${count(line.quantity)} ${unit} × ${price} = ${dollars(dollarsOf(line))}`;
}
