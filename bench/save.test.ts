import { expect, it } from '@jest/globals';
import { toFileName } from './save.ts';
import { toScope } from './scope.ts';

const at = '2026-01-31T08:00:00.000Z';

it('names a full run as the run of record, and others by their time', () => {
  expect(toFileName({ at, scope: toScope({ full: true }), state: 'disk' })).toBe('record-2026-01-31-disk.json');
  expect(toFileName({ at, scope: toScope({}), state: 'memory' })).toBe('2026-01-31T08-00-00.000Z.json');
});
