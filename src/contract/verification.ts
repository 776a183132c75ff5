import * as z from 'zod';
import type { CodeIn } from './codes/catalogue.ts';
import { id } from './fields.ts';

const count = z.int().min(0);

/** What is wrong with a row that has not exactly one of a stored task and a stored failure. */
export const DIFFERENCES = ['NEITHER', 'BOTH'] as const satisfies CodeIn<'finding'>[];

/**
 * A part of a file, counted anew from what is stored, row by row. The parts of all pages add up; `expected` is what the
 * file says of itself as a whole. The file is exact if the sums equal it and no page has a difference.
 */
export const verification = z.object({
  taskFileId: id,
  rows: count,
  stored: count,
  failed: count,
  /** The first ones; `differing` counts them all. */
  differences: z.array(z.object({ row: z.int().min(2), difference: z.enum(DIFFERENCES) })),
  differing: count,
  expected: z.object({ recordCount: count, processedCount: count, failedCount: count }),
  /** Of the next part; absent in the last. */
  cursor: z.string().optional(),
});
export type Verification = z.infer<typeof verification>;
