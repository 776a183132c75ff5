import { describe, expect, it } from '@jest/globals';
import { CursorError } from '../../contract/index.ts';
import { openCursor, sealCursor } from './page-cursor.ts';

const failures = { rawPath: '/task-files/0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10/failures' };
const cursor = sealCursor(failures, 'cGxhY2U');

describe('a cursor', () => {
  it('is valid in the list that issued it, for any page size, and for an id in upper or lower case', () => {
    expect(openCursor(failures, cursor)).toBe('cGxhY2U');
    expect(openCursor({ ...failures, queryStringParameters: { limit: '7', cursor } }, cursor)).toBe('cGxhY2U');
    expect(openCursor({ rawPath: failures.rawPath.toUpperCase() }, cursor)).toBe('cGxhY2U');
  });

  it('needs no escape in a URL or a header', () => {
    expect(cursor).toMatch(/^[\w-]+$/);
  });

  it.each([
    ['another list of the file', { rawPath: failures.rawPath.replace('failures', 'verify') }],
    ['the same list of another file', { rawPath: failures.rawPath.replace('0193', '0194') }],
    ['the list under a filter', { ...failures, queryStringParameters: { status: 'FAILED' } }],
  ])('is refused in %s', (_, request) => {
    expect(() => openCursor(request, cursor)).toThrow(CursorError);
  });

  it.each(['', 'x', 'cGxhY2U', cursor.slice(1), `${cursor}A`, cursor.replace('cGx', 'dGx')])(
    'is refused if it was made up or changed: %j',
    (other) => {
      expect(() => openCursor(failures, other)).toThrow(CursorError);
    },
  );
});
