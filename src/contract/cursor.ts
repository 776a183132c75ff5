import * as z from 'zod';

/** A cursor that no page of ours gave. */
export class CursorError extends Error {
  override readonly name = 'CursorError';

  constructor(cursor: string) {
    super(
      `The cursor ${JSON.stringify(cursor)} is damaged, or of another list. Use the one from the Link header as it is, or start without one.`,
    );
  }
}

export interface CursorCodec<Place> {
  encode(place: Place): string;
  /** @throws CursorError */
  decode(cursor: string): Place;
}

/**
 * Turns the place where a page ended into an opaque string, and back. A cursor grants nothing: it says where to go on.
 */
export const cursorCodec = <Place>(schema: z.ZodType<Place>): CursorCodec<Place> => ({
  encode: (place) => Buffer.from(JSON.stringify(place)).toString('base64url'),
  decode(cursor) {
    try {
      return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) throw new CursorError(cursor);
      throw error;
    }
  },
});
