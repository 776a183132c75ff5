import * as z from 'zod';

/** The cursor is damaged, or belongs to another list. */
export class CursorError extends Error {
  override readonly name = 'CursorError';

  constructor(cursor: string) {
    super(
      `cursor is ${JSON.stringify(cursor)}, which is damaged or belongs to another list. Use the URL in the Link header unchanged, or start without a cursor.`,
    );
  }
}

export interface CursorCodec<Position> {
  encode(position: Position): string;
  /** @throws CursorError */
  decode(cursor: string): Position;
}

/**
 * Makes a codec between the position where a page ended and an opaque cursor. A cursor grants nothing: it only says
 * where the next page begins.
 */
export const cursorCodec = <Position>(schema: z.ZodType<Position>): CursorCodec<Position> => ({
  encode: (position) => Buffer.from(JSON.stringify(position)).toString('base64url'),
  decode(cursor) {
    try {
      return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) throw new CursorError(cursor);
      throw error;
    }
  },
});
