import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { CursorError } from '../../contract/index.ts';

/** 72 bits, which no mistake matches by chance. */
const CHECK_LENGTH = 12;

type PagedRequest = Pick<APIGatewayProxyEventV2, 'rawPath' | 'queryStringParameters'>;

/**
 * Makes the cursor that a caller gets. It is valid only in the list that issued it: the path, which names the file, and
 * the filter. In another list its position has no meaning. The check is no secret, because a cursor grants nothing: a
 * caller who computes one misleads only themselves.
 */
export const sealCursor = (request: PagedRequest, position: string): string =>
  computeCheck(request, position) + position;

/** @throws CursorError if another list issued the cursor, or none */
export function openCursor(request: PagedRequest, cursor: string): string {
  const position = cursor.slice(CHECK_LENGTH);
  if (cursor !== sealCursor(request, position)) throw new CursorError(cursor);
  return position;
}

function computeCheck({ rawPath, queryStringParameters = {} }: PagedRequest, position: string): string {
  const { limit: _limit, cursor: _cursor, ...filter } = queryStringParameters;
  // Ids may be in upper or lower case.
  const filters = Object.keys(filter).toSorted();
  const list = [rawPath.toLowerCase(), ...filters.map((name) => `${name}=${filter[name]}`)];
  return createHash('sha256')
    .update(JSON.stringify([...list, position]))
    .digest('base64url')
    .slice(0, CHECK_LENGTH);
}
