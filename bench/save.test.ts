import { expect, it } from '@jest/globals';
import { fileNameOf } from './save.ts';
import { scopeOf } from './scope.ts';

const at = '2026-01-31T08:00:00.000Z';

it('a full run is one of record, others are named by their time', () => {
  expect(fileNameOf({ at, scope: scopeOf({ full: true }), state: 'disk' })).toBe('record-2026-01-31-disk.json');
  expect(fileNameOf({ at, scope: scopeOf({}), state: 'memory' })).toBe('2026-01-31T08-00-00.000Z.json');
});
