export { Dice, numbersOf } from './dice.ts';
export {
  LIMITS,
  NO_BACKLOG,
  NO_FAULTS,
  planOf,
  type Faults,
  type Plan,
  type PlanChoice,
  type PlannedFile,
  type PlannedRow,
} from './plan.ts';
export type { Turn } from './process.ts';
export { simulate, type Options, type Outcome } from './simulate.ts';
