import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { task } from '../contract/index.ts';
import { decideRow, TASK_COLUMNS } from './row.ts';

const COLUMNS = TASK_COLUMNS.map(({ name }) => name);
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;

/** Decides a row that is good but for what is given. */
const decide = (cells: Cells) => decideRow(COLUMNS.map((name) => ({ title: 'Order paint', ...cells })[name]));

describe('a row', () => {
  it('needs no more than a title', () => {
    expect(decide({})).toEqual({ row: { title: 'Order paint', isComplete: false } });
  });

  it('becomes a task with everything it says, its instant in UTC', () => {
    const cells = { detail: 'White, 10 l', dueAt: '2026-01-31T08:00:00+01:00', isComplete: 'yes' };
    const row = { title: 'Order paint', detail: 'White, 10 l', dueAt: '2026-01-31T07:00:00.000Z', isComplete: true };
    expect(decide(cells)).toEqual({ row });
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['Yes', true],
    ['false', false],
    ['0', false],
    ['nO', false],
  ])('understands isComplete %s', (isComplete, expected) => {
    expect(decide({ isComplete })).toMatchObject({ row: { isComplete: expected } });
  });

  it.each(['maybe', 'on', 'y', 'truefalse', '01', 'ｙｅｓ'])('is refused for isComplete %s', (isComplete) => {
    expect(decide({ isComplete })).toMatchObject({
      refusal: { code: 'INVALID_BOOLEAN', column: 'isComplete', value: isComplete },
    });
  });

  it.each([
    'tomorrow',
    '2026-01-31',
    '2026-01-31T08:00:00',
    '2026-02-30T08:00:00Z',
    '31.01.2026 08:00',
    '2026-01-31T25:00:00Z',
    '2026-01-31T08:00:00+25:00',
    '2026-01-31 08:00:00Z',
    '0000-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
  ])('is refused for dueAt %s', (dueAt) => {
    expect(decide({ dueAt })).toMatchObject({ refusal: { code: 'INVALID_DATE', column: 'dueAt', value: dueAt } });
  });

  it.each([
    ['title', 100],
    ['detail', 1_000],
  ])('is refused for one character too many of %s, counted as HTML does', (column, max) => {
    const longest = '😀'.repeat(max / 2);
    expect(decide({ [column]: longest })).toMatchObject({ row: { [column]: longest } });
    const value = `${longest}x`;
    expect(decide({ [column]: value })).toMatchObject({ refusal: { code: 'TOO_LONG', column, value } });
  });

  it('is refused without a title, and no value is named', () => {
    const message = 'title is empty; every task needs one';
    expect(decideRow([])).toEqual({ refusal: { code: 'REQUIRED', column: 'title', message } });
  });

  it.each(COLUMNS)('is refused for lost characters in %s, before any other rule', (column) => {
    for (const value of ['x\uFFFD'.repeat(60), 'x\0', 'x\uD83D', '\uDE00x']) {
      expect(decide({ [column]: value })).toMatchObject({ refusal: { code: 'INVALID_TEXT', column, value } });
    }
    expect(decide({ title: '\uD83D\uDE00' })).toMatchObject({ row: { title: '😀' } });
  });

  it('is refused for the first thing that is wrong, in the order of the columns', () => {
    const wrong = { title: 'x'.repeat(101), detail: 'x'.repeat(1_001), dueAt: 'x', isComplete: 'x' };
    expect(decide(wrong)).toMatchObject({ refusal: { column: 'title' } });
    expect(decide({ ...wrong, title: 'x' })).toMatchObject({ refusal: { column: 'detail' } });
    expect(decide({ ...wrong, title: 'x', detail: 'x' })).toMatchObject({ refusal: { column: 'dueAt' } });
  });
});

/** Cells as the engine hands them over: trimmed, absent if empty; often nearly right. */
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

const answered = { id: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10', createdAt: '2026-01-31T08:00:00.000Z' };

describe('any row', () => {
  it('gets a verdict: a task as every route may answer it, or a refusal that names a column and its value', () => {
    fc.assert(
      fc.property(cells, (values) => {
        const verdict = decideRow(values);
        if ('row' in verdict) {
          expect(task.parse({ ...answered, updatedAt: answered.createdAt, ...verdict.row })).toMatchObject(verdict.row);
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
