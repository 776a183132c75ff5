import type { Estimate } from './estimate.ts';
import { ASSUMED } from './measured.ts';
import { AS_OF, DOLLARS_PER_MILLION, QUOTAS, REGION, type Published } from './prices.ts';

const whole = (number: number): string => Math.round(number).toLocaleString('en-US');
const dollars = (amount: number): string => `$${amount.toFixed(amount < 1 ? 4 : 2)}`;

/** An estimate as a person reads it: each line of the arithmetic, then the sum, then what holds it up. */
export function textOf(estimate: Estimate, rows: number): string {
  const costs = estimate.costs.map(({ what, quantity, dollars: amount, why }) => {
    const { value, isChecked } = DOLLARS_PER_MILLION[what];
    const price = `${whole(quantity).padStart(16)} ${what} × $${value}/million`;
    return `${price.padEnd(70)} = ${dollars(amount).padStart(12)}   ${why}${isChecked ? '' : ' (price not checked)'}`;
  });
  const limits = estimate.limits.map(
    ({ what, rowsPerSecond, turn }, index) =>
      `${whole(rowsPerSecond).padStart(16)} rows/s by ${what}${index === 0 ? ` — binds; ${turn}` : ''}`,
  );
  return [
    `${estimate.system}: ${whole(rows)} rows`,
    ...costs,
    `${'sum'.padStart(16)} ${dollars(estimate.dollars)}, ${dollars(estimate.dollarsPerMillionRows)} per million rows`,
    ...limits,
    `${'time'.padStart(16)} ${durationOf(estimate.seconds)}`,
    '',
  ].join('\n');
}

const UNITS = [
  ['days', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

function durationOf(seconds: number): string {
  const [unit, length] = UNITS.find(([, one]) => seconds >= 2 * one) ?? ['s', 1];
  return `${(seconds / length).toFixed(1)} ${unit}`;
}

/** What the figures stand on. */
export function groundsOf(): string {
  const line = ([name, { value, source, isChecked }]: [string, Published]): string =>
    `  ${name} ${value}: ${source}${isChecked ? '' : ' (not checked)'}`;
  return [
    `List prices of ${REGION} as of ${AS_OF}, without free tiers, in dollars for a million:`,
    ...Object.entries(DOLLARS_PER_MILLION).map(line),
    'Quotas:',
    ...Object.entries(QUOTAS).map(line),
    `Assumed, not measured on AWS: ${ASSUMED.roundTripSeconds * 1_000} ms to DynamoDB and back, functions of ${ASSUMED.memoryMegabytes} MB, a core there as fast as one of the bench machine.`,
    'Calls, units and CPU per row were measured on one machine, rows of less than 1 KB. Storage, logs, traces and idle polling are not in it.',
  ].join('\n');
}
