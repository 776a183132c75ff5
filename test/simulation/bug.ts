import type { PlanChoice } from '../kit/simulation/index.ts';

/** One protection, taken out of the source as it is loaded. */
export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface Bug {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Only with the sweep does what was taken away matter. */
  readonly needsSweep?: true;
  /** Plans in which it shows sooner than in any. */
  readonly plans?: PlanChoice;
}

export const bug = (name: string, file: string, from: string, to: string): Bug => ({
  name,
  edits: [{ file, from, to }],
});
