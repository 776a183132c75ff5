import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { CursorError } from '../../contract/index.ts';

/** 72 bits: more than chance or a mistake brings about. */
const CHECK_LENGTH = 12;

type PagedRequest = Pick<APIGatewayProxyEventV2, 'rawPath' | 'queryStringParameters'>;

/**
 * A cursor as a caller gets it. It is valid in the list that gave it: the path, which names the file, and the filter.
 * In another list its place has no meaning. The check is no secret, because a cursor grants nothing: a caller who
 * computes one misleads only themselves.
 */
export const sealCursor = (request: PagedRequest, place: string): string => checkOf(request, place) + place;

/** @throws CursorError if another list gave it, or none */
export function openCursor(request: PagedRequest, cursor: string): string {
  const place = cursor.slice(CHECK_LENGTH);
  if (cursor !== sealCursor(request, place)) throw new CursorError(cursor);
  return place;
}

function checkOf({ rawPath, queryStringParameters = {} }: PagedRequest, place: string): string {
  const { limit: _limit, cursor: _cursor, ...filter } = queryStringParameters;
  // Ids are read in any case.
  const filters = Object.keys(filter).toSorted();
  const list = [rawPath.toLowerCase(), ...filters.map((name) => `${name}=${filter[name]}`)];
  return createHash('sha256')
    .update(JSON.stringify([...list, place]))
    .digest('base64url')
    .slice(0, CHECK_LENGTH);
}
