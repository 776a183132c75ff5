import { byService, totalOf } from './bill.ts';
import { distributedMap } from './distributed-map.ts';
import type { Load, Plan } from './plan.ts';
import { project } from './project.ts';
import { quotas } from './quotas.ts';
import { textbook } from './textbook.ts';
import { spanOf, type Span } from './time.ts';

/** The design's goal for this project, in dollars. */
export const GOAL_PER_MILLION = 0.75;

/** A plan with its results. */
export interface Costed {
  readonly plan: Plan;
  readonly span: Span;
  readonly dollars: number;
  readonly perMillion: number;
  readonly services: ReadonlyMap<string, number>;
}

/** Compares this project, which comes first, with other ways to process the rows. */
export const compare = (load: Load): readonly [Costed, ...Costed[]] => [
  costed(load, project(load)),
  costed(load, textbook(load)),
  // A child gets as many rows as a message here, and, to be fair, also as many as an invocation here.
  costed(load, distributedMap(load, { type: 'Express', items: 25 })),
  costed(load, distributedMap(load, { type: 'Standard', items: 25 })),
  costed(load, distributedMap(load, { type: 'Express', items: 250 })),
];

function costed({ rows }: Load, plan: Plan): Costed {
  const dollars = totalOf(plan.lines);
  const span = spanOf(rows, plan.bounds, quotas.doublingSeconds.value);
  return { plan, span, dollars, perMillion: (dollars / rows) * 1_000_000, services: byService(plan.lines) };
}
