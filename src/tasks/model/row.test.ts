import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { task } from '../../contract/index.ts';
import type { RowOptions } from '../../engine/index.ts';
import { decideRow, TASK_COLUMNS } from './row.ts';

const COLUMNS = TASK_COLUMNS.map(({ name }) => name);
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;

/** Decides a row that is valid except for the given cells. */
const decide = (cells: Cells, options?: RowOptions) =>
  decideRow(
    COLUMNS.map((name) => ({ title: 'Order paint', ...cells })[name]),
    options,
  );

describe('a row', () => {
  it('needs no more than a title', () => {
    expect(decide({})).toEqual({ row: { title: 'Order paint', isComplete: false } });
  });

  it('becomes a task with all its cells, its instant in UTC', () => {
    const cells = { detail: 'White, 10 l', dueAt: '2026-01-31T08:00:00+01:00', isComplete: 'yes' };
    const row = { title: 'Order paint', detail: 'White, 10 l', dueAt: '2026-01-31T07:00:00.000Z', isComplete: true };
    expect(decide(cells)).toEqual({ row });
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['Yes', true],
    ['t', true],
    ['1.0', true],
    ['on', true],
    ['Y', true],
    ['WAHR', true],
    ['VRAI', true],
    ['f', false],
    ['0.0', false],
    ['FALSCH', false],
    ['false', false],
    ['0', false],
    ['nO', false],
  ])('understands isComplete %s', (isComplete, expected) => {
    expect(decide({ isComplete })).toMatchObject({ row: { isComplete: expected } });
  });

  it.each(['maybe', '2', '1.00', 'truefalse', '01', 'ｙｅｓ', '-1', 'x'])(
    'is refused for isComplete %s',
    (isComplete) => {
      expect(decide({ isComplete })).toMatchObject({
        refusal: { code: 'INVALID_BOOLEAN', column: 'isComplete', value: isComplete },
      });
    },
  );

  it.each([
    'tomorrow',
    '2026-01-31',
    '2026-01-31T08:00:00',
    '2026-02-30T08:00:00Z',
    '31.01.2026 08:00',
    '2026-01-31T25:00:00Z',
    '2026-01-31T08:00:00+25:00',
    '2026-01-31 8:00Z',
    '2026-01-31T24:00Z',
    '2026-01-31T23:59:60Z',
    '20260131T235960Z',
    '2026-W05-6T08:00Z',
    '2026-031T08:00Z',
    'Sat, 31 Jan 2026 08:00:00 +0000',
    '01/31/2026 08:00 +00:00',
    '46053.33',
    '1769846400',
    '2026-01-31T08:00+02:00[Europe/Berlin]',
    '2026-10-25T02:30[Europe/Berlin]',
    '2026-01-31T08:00Z[Mars/Base]',
    '0000-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
  ])('is refused for dueAt %s', (dueAt) => {
    expect(decide({ dueAt })).toMatchObject({ refusal: { code: 'INVALID_DATE', column: 'dueAt', value: dueAt } });
  });

  it.each([
    ['2026-01-31T08:00Z', '08:00:00.000'],
    ['2026-01-31 08:00:00+00', '08:00:00.000'],
    ['2026-01-31 08:00:00+00:00', '08:00:00.000'],
    ['2026-01-31 08:00:00 +00:00', '08:00:00.000'],
    ['2026-01-31 08:00:00 UTC', '08:00:00.000'],
    ['2026/01/31 08:00:00+00:00', '08:00:00.000'],
    ['2026-01-31 08:00:00Z', '08:00:00.000'],
    ['2026-01-31t08:00:00z', '08:00:00.000'],
    ['20260131T080000Z', '08:00:00.000'],
    ['2026-01-31 08:00:00.123456+00', '08:00:00.123'],
    ['2026-01-31T08:00:00,5Z', '08:00:00.500'],
    ['2026-01-31T09:30+0130', '08:00:00.000'],
    ['2026-01-31T09:00+01:00[Europe/Berlin]', '08:00:00.000'],
    ['2026-01-31T09:00[Europe/Berlin]', '08:00:00.000'],
  ])('understands dueAt %s', (dueAt, time) => {
    expect(decide({ dueAt })).toMatchObject({ row: { dueAt: `2026-01-31T${time}Z` } });
  });

  it.each([
    ['2026-01-31 08:00:00', '2026-01-31T07:00:00.000Z'],
    ['2026-07-31 08:00', '2026-07-31T06:00:00.000Z'],
    ['2026/07/31 08:00', '2026-07-31T06:00:00.000Z'],
    ['20260731T0800', '2026-07-31T06:00:00.000Z'],
    ['2026-01-31', '2026-01-30T23:00:00.000Z'],
    ['2026-01-31T08:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00.000Z'],
  ])('understands dueAt %s in the time zone of its upload', (dueAt, at) => {
    expect(decide({ dueAt }, { timeZone: 'Europe/Berlin' })).toMatchObject({ row: { dueAt: at } });
  });

  it('begins a day without a midnight at its first instant', () => {
    expect(decide({ dueAt: '2018-11-04' }, { timeZone: 'America/Sao_Paulo' })).toMatchObject({
      row: { dueAt: '2018-11-04T03:00:00.000Z' },
    });
  });

  it.each([
    ['2026-10-25 02:30', 'UNCLEAR_TIME', 'show it twice'],
    ['2026-03-29 02:30', 'UNCLEAR_TIME', 'skip it'],
    ['2026-02-30 08:00', 'INVALID_DATE', 'ISO 8601'],
    ['31.01.2026', 'INVALID_DATE', 'ISO 8601'],
  ])('is refused for dueAt %s in Berlin: %s', (dueAt, code, message) => {
    expect(decide({ dueAt }, { timeZone: 'Europe/Berlin' })).toMatchObject({
      refusal: { code, column: 'dueAt', value: dueAt, message: expect.stringContaining(message) },
    });
  });

  it('says how to upload times without an offset', () => {
    const hint = { refusal: { message: expect.stringContaining('timeZone=Europe/Berlin') } };
    for (const dueAt of ['2026-01-31', '2026-01-31 08:00', '2026-10-25T02:30'])
      expect(decide({ dueAt })).toMatchObject(hint);
    expect(decide({ dueAt: 'tomorrow' })).not.toMatchObject(hint);
  });

  it('is refused for an unknown time zone in a fix file, if its time needs one', () => {
    const timeZone = 'Europe/Berlln';
    for (const dueAt of ['2026-01-31', '2026-01-31 08:00', '2026-10-25T02:30'])
      expect(decide({ dueAt }, { timeZone })).toEqual({
        refusal: {
          column: '_time_zone',
          value: timeZone,
          code: 'INVALID_TIME_ZONE',
          message:
            '_time_zone is not a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +01:00. ' +
            'Write one, or write dueAt with its offset.',
        },
      });
    expect(decide({ dueAt: 'tomorrow' }, { timeZone })).toMatchObject({ refusal: { code: 'INVALID_DATE' } });
    expect(decide({ dueAt: '2026-01-31T08:00Z' }, { timeZone })).toHaveProperty('row');
    expect(decide({}, { timeZone })).toHaveProperty('row');
  });

  it('needs no time in a file with a time zone', () => {
    expect(decide({}, { timeZone: 'UTC' })).toEqual({ row: { title: 'Order paint', isComplete: false } });
    expect(decideRow([], { timeZone: 'UTC' })).toMatchObject({ refusal: { code: 'REQUIRED' } });
  });

  it.each([
    ['title', 100],
    ['detail', 1_000],
  ])('is refused for one character too many of %s, counted in code points', (column, max) => {
    const longest = '😀'.repeat(max);
    expect(decide({ [column]: longest })).toMatchObject({ row: { [column]: longest } });
    const value = `${longest}x`;
    expect(decide({ [column]: value })).toMatchObject({ refusal: { code: 'TOO_LONG', column, value } });
  });

  it('is refused without a title, and has no rejected value', () => {
    const message = 'title is empty. Every task needs one.';
    expect(decideRow([])).toEqual({ refusal: { code: 'REQUIRED', column: 'title', message } });
  });

  it.each(COLUMNS)('is refused for lost characters in %s, before any other rule', (column) => {
    for (const value of ['x\uFFFD'.repeat(60), 'x\0', 'x\u0081', 'x\uD83D', '\uDE00x']) {
      expect(decide({ [column]: value })).toMatchObject({ refusal: { code: 'INVALID_TEXT', column, value } });
    }
    expect(decide({ title: '\uD83D\uDE00' })).toMatchObject({ row: { title: '😀' } });
  });

  it('is refused for its first fault, in the order of the columns', () => {
    const wrong = { title: 'x'.repeat(101), detail: 'x'.repeat(1_001), dueAt: 'x', isComplete: 'x' };
    expect(decide(wrong)).toMatchObject({ refusal: { column: 'title' } });
    expect(decide({ ...wrong, title: 'x' })).toMatchObject({ refusal: { column: 'detail' } });
    expect(decide({ ...wrong, title: 'x', detail: 'x' })).toMatchObject({ refusal: { column: 'dueAt' } });
  });
});

/** Cells as the engine passes them, trimmed and absent if empty. Many are nearly valid. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.string({ unit: 'grapheme', minLength: 90, maxLength: 1_010 }),
    fc.constantFrom('__proto__', 'constructor', 'true', '0', 'x\uFFFD', '\u0000', '\uFFFF'),
    fc
      .date({ min: new Date('1000-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
      .map((at) => at.toISOString()),
    fc.stringMatching(/^\d{4}-[01]\d-[0-3]\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/),
  )
  .map((cell) => cell.trim() || undefined);
const cells = fc.array(fc.option(text, { nil: undefined }), { maxLength: 6 });

const stored = { id: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10', createdAt: '2026-01-31T08:00:00.000Z' };

describe('any row', () => {
  it('gets a verdict: a task that every route may return, or a refusal that names a column and its value', () => {
    fc.assert(
      fc.property(cells, (values) => {
        const verdict = decideRow(values);
        if ('row' in verdict) {
          expect(task.parse({ ...stored, updatedAt: stored.createdAt, ...verdict.row })).toMatchObject(verdict.row);
        } else {
          const { column, value, code } = verdict.refusal;
          expect(value).toBe(values[COLUMNS.findIndex((name) => name === column)]);
          expect(code).toMatch(/^[A-Z_]+$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gets the same verdict every time', () => {
    fc.assert(fc.property(cells, (values) => expect(decideRow(values)).toEqual(decideRow([...values]))));
  });
});
