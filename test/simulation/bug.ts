import type { PlanChoice } from '../kit/simulation/index.ts';

/** An edit that takes one protection out of a source file as the file is loaded. */
export interface Edit {
  readonly file: string;
  /** The text to replace. It occurs in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface Bug {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The bug has an effect only while the sweep is on. */
  readonly needsSweep?: true;
  /** Plans in which the bug shows sooner than in plans that the seed draws alone. */
  readonly plans?: PlanChoice;
}

export const bug = (name: string, file: string, from: string, to: string): Bug => ({
  name,
  edits: [{ file, from, to }],
});
