/**
 * Where a caller meets a code. `problem`: in the answer to a refused request. `row`: on a failed row of a file. `file`:
 * in `failure` of a task file that FAILED. `redrive`: in `failure` of one of its redrives. `warning`: in `warnings` of
 * a task file. `finding`: in `differences` of a verification.
 */
export const CODE_LOCATIONS = ['problem', 'row', 'file', 'redrive', 'warning', 'finding'] as const;
export type CodeLocation = (typeof CODE_LOCATIONS)[number];

/** What a person can look up about a code, in Markdown. A code has one meaning, wherever it occurs. */
export interface CodeEntry {
  readonly in: readonly [CodeLocation, ...CodeLocation[]];
  /** What the code says. */
  readonly meaning: string;
  /** What leads to it. */
  readonly cause: string;
  /** What the caller can do. */
  readonly wayOut: string;
}
