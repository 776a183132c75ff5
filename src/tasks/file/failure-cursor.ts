import * as z from 'zod';
import { cursorCodec, type CursorCodec } from '../../contract/index.ts';
import type { FailurePosition } from '../../engine/index.ts';

const index = z.int().min(0);

/**
 * Each run takes only a segment and a batch: a file may have a hundred runs, and the cursor must fit into a request.
 */
const short = cursorCodec(z.strictObject({ item: index, runs: z.array(z.tuple([index, index])) }));

/** The cursor of the next failures of a file. */
export const failureCursor: CursorCodec<FailurePosition> = {
  encode: ({ item, runs }) => short.encode({ item, runs: runs.map(({ segment, batch }) => [segment, batch]) }),
  decode(cursor) {
    const { item, runs } = short.decode(cursor);
    return { item, runs: runs.map(([segment, batch]) => ({ segment, batch })) };
  },
};
