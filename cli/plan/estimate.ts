import { DOLLARS_PER_MILLION, type Priced } from './prices.ts';
import { distributedMap, textbook, thisProject, type Limit, type Setting, type System } from './systems.ts';

export interface CostLine {
  readonly what: Priced;
  readonly quantity: number;
  readonly dollars: number;
  readonly why: string;
}

export interface Estimate {
  readonly system: string;
  readonly costs: readonly CostLine[];
  readonly dollars: number;
  readonly dollarsPerMillionRows: number;
  /** By rows a second, the lowest first: that one binds. */
  readonly limits: readonly Limit[];
  readonly seconds: number;
}

/** This project first, then what else does the job. */
export const estimates = (rows: number, setting: Setting): readonly Estimate[] =>
  [
    thisProject(setting),
    textbook(setting),
    distributedMap(setting, 'standard'),
    distributedMap(setting, 'express'),
  ].map((system) => estimateOf(system, rows));

export function estimateOf({ name, quantities, limits }: System, rows: number): Estimate {
  const costs = quantities.map(({ what, perRow, why }): CostLine => {
    const quantity = perRow * rows;
    return { what, quantity, dollars: (quantity * DOLLARS_PER_MILLION[what].value) / 1_000_000, why };
  });
  const dollars = costs.reduce((sum, line) => sum + line.dollars, 0);
  const sorted = limits.toSorted((a, b) => a.rowsPerSecond - b.rowsPerSecond);
  return {
    system: name,
    costs,
    dollars,
    dollarsPerMillionRows: (dollars / rows) * 1_000_000,
    limits: sorted,
    seconds: rows / sorted[0]!.rowsPerSecond,
  };
}
