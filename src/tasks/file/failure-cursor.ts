import * as z from 'zod';
import { cursorCodec, type CursorCodec } from '../../contract/index.ts';
import type { FailurePosition } from '../../engine/index.ts';

const index = z.int().min(0);

/**
 * Segment and batch of each run: a file may have a hundred of them, and every cursor that is given must be taken again.
 */
const short = cursorCodec(z.strictObject({ item: index, runs: z.array(z.tuple([index, index])) }));

/** Where the failures of a file go on, as a cursor. */
export const failureCursor: CursorCodec<FailurePosition> = {
  encode: ({ item, runs }) => short.encode({ item, runs: runs.map(({ segment, batch }) => [segment, batch]) }),
  decode(cursor) {
    const { item, runs } = short.decode(cursor);
    return { item, runs: runs.map(([segment, batch]) => ({ segment, batch })) };
  },
};
