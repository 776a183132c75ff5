/**
 * Where a caller meets a code. `problem`: in the response to a refused request. `row`: on a failed row of a file.
 * `file`: in `failure` of a task file that ended FAILED. `redrive`: in `failure` of one of its redrives. `warning`: in
 * `warnings` of a task file. `finding`: in `differences` of a verification.
 */
export const CODE_LOCATIONS = ['problem', 'row', 'file', 'redrive', 'warning', 'finding'] as const;
export type CodeLocation = (typeof CODE_LOCATIONS)[number];

/** What a caller can look up about a code, in Markdown. A code has one meaning in all its locations. */
export interface CodeEntry {
  readonly in: readonly [CodeLocation, ...CodeLocation[]];
  /** What the code says about the request, the row or the file. */
  readonly meaning: string;
  /** What leads to it. */
  readonly cause: string;
  /** What the caller can do. */
  readonly wayOut: string;
}
