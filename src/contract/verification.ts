import * as z from 'zod';
import type { CodeIn } from './codes/catalogue.ts';
import { id } from './fields.ts';

const count = z.int().min(0);

/** A row must have exactly one of a stored task and a stored failure. These codes say which rule a row breaks. */
export const DIFFERENCES = ['NEITHER', 'BOTH'] as const satisfies CodeIn<'finding'>[];

/**
 * A part of a file, recounted from what is stored, row by row. A caller adds up the parts of all pages. `expected` has
 * the counts of the whole task file. The file is exact if the sums equal them and no page has a difference.
 */
export const verification = z.object({
  taskFileId: id,
  rows: count,
  stored: count,
  failed: count,
  /** The first differences; `differing` counts them all. */
  differences: z.array(z.object({ row: z.int().min(2), difference: z.enum(DIFFERENCES) })),
  differing: count,
  expected: z.object({ recordCount: count, processedCount: count, failedCount: count }),
  /** The cursor of the next part. Absent in the last part. */
  cursor: z.string().optional(),
});
export type Verification = z.infer<typeof verification>;
