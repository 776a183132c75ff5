import type { Price } from './figure.ts';

/** One line of a bill: so many units at a price, and why that many. */
export interface BillLine {
  readonly price: Price;
  readonly quantity: number;
  readonly why: string;
}

export const dollarsOf = ({ price, quantity }: BillLine): number => (quantity * price.value) / price.per;

export const totalOf = (lines: readonly BillLine[]): number => lines.reduce((sum, line) => sum + dollarsOf(line), 0);

/** Dollars of each service, in the order in which the lines name them first. */
export const byService = (lines: readonly BillLine[]): ReadonlyMap<string, number> =>
  new Map(
    Array.from(
      Map.groupBy(lines, ({ price }) => price.service),
      ([service, some]) => [service, totalOf(some)],
    ),
  );
