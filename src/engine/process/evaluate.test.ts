import { describe, expect, it } from '@jest/globals';
import { aBatch, anItem, aRunningJob, Names } from '../../../test/kit/factories.ts';
import { cellsOf } from '../reader/cells.ts';
import type { RowOptions } from '../definition.ts';
import { evaluate, failuresReference } from './evaluate.ts';
import type { ReadOptions } from '../model/source-format.ts';

describe('evaluate', () => {
  it('gives every item a row or a failure, with its index, line and cells as read', () => {
    const job = aRunningJob({ header: ['Note', 'NAME'] });
    const items = [
      anItem('', { index: 6, line: 9, cells: ['n', ' Ada '] }),
      anItem('', { index: 9, line: 11, cells: ['only a note'] }),
    ];
    const { rows, failures } = evaluate(new Names(), job, { ...aBatch(job, 3), items });
    expect(rows).toEqual([{ index: 6, row: 'Ada' }]);
    expect(failures).toEqual([
      { index: 9, line: 11, cells: ['only a note'], code: 'REQUIRED', column: 'name', message: 'name is empty' },
    ]);
  });

  it('refuses an item with more cells than the header before any rule is applied', () => {
    const job = aRunningJob();
    const batch = { ...aBatch(job, 0), items: [anItem('', { cells: ['Ada', 'Lovelace'] })] };
    expect(evaluate(new Names(), job, batch)).toMatchObject({ rows: [], failures: [{ code: 'TOO_MANY_FIELDS' }] });
  });

  it('decides by the options of the upload', () => {
    const asked: unknown[] = [];
    const names = new (class extends Names {
      override decide(values: readonly (string | undefined)[], options?: RowOptions) {
        asked.push([...values, options]);
        return super.decide(values);
      }
    })();
    const job = aRunningJob({ header: ['name', 'note'], options: { timeZone: 'Europe/Berlin', nullWords: ['NA'] } });
    evaluate(names, job, { ...aBatch(job, 0), items: [anItem('', { cells: ['Ada', 'NA'] })] });
    evaluate(names, aRunningJob(), { ...aBatch(job, 0), items: [anItem('NA')] });
    expect(asked).toEqual([
      ['Ada', undefined, { timeZone: 'Europe/Berlin' }],
      ['NA', undefined, {}],
    ]);
  });

  it('refuses a row of a fix file whose options were changed to invalid ones', () => {
    const job = aRunningJob({ header: ['name', '_error_code', '_null_words'] });
    const items = [anItem('', { cells: ['Ada', 'REQUIRED', '{'] })];
    const { failures } = evaluate(new Names(), job, { ...aBatch(job, 0), items });
    expect(failures).toMatchObject([{ code: 'INVALID_NULL_WORDS', column: '_null_words' }]);
  });

  it('finds no cells in a line of JSON Lines while no header is known', () => {
    const format = { type: 'jsonl', encoding: 'utf-8', delimiter: ',' } as const;
    expect(cellsOf({ format }, ['{"name":"Ada"}'])).toEqual([]);
  });

  it('refuses a line of JSON Lines with an unknown name if the upload is strict', () => {
    const format = { type: 'jsonl', encoding: 'utf-8', delimiter: ',' } as const;
    const items = ['{"name":"Ada","x":1}', '{"Name":"Bob"}'].map((line, index) => anItem('', { index, cells: [line] }));
    const verdictOf = (options: ReadOptions) => {
      const job = aRunningJob({ format, header: ['name', 'note'], options });
      return evaluate(new Names(), job, { ...aBatch(job, 0), items }).failures.map(({ index, code }) => [index, code]);
    };
    expect(verdictOf({ strict: true })).toEqual([[0, 'UNKNOWN_COLUMN']]);
    expect(verdictOf({})).toEqual([]);
  });

  it('refuses an item with a fault, whatever its cells are', () => {
    const job = aRunningJob();
    const faults = ['ROW_TOO_LARGE', 'INVALID_QUOTES'] as const;
    const items = faults.map((fault, index) => anItem('Ada', { index, fault }));
    expect(evaluate(new Names(), job, { ...aBatch(job, 0), items })).toMatchObject({
      rows: [],
      failures: faults.map((code) => ({ code, message: expect.stringMatching(/\w+ .*\.$/), cells: ['Ada'] })),
    });
  });

  it('parses lines of JSON Lines', () => {
    const job = aRunningJob({ format: { type: 'jsonl', encoding: 'utf-8', delimiter: ',' } });
    const lines = ['{"Name":" Ada "}', '["Ada"]', '{"name":{}}', '{}'];
    const items = lines.map((line, index) => anItem('', { index, cells: [line] }));
    const { rows, failures } = evaluate(new Names(), job, { ...aBatch(job, 0), items });
    expect(rows).toEqual([{ index: 0, row: 'Ada' }]);
    expect(failures.map(({ index, code, column, cells }) => [index, code, column, cells])).toEqual([
      [1, 'INVALID_JSON', undefined, [lines[1]]],
      [2, 'INVALID_JSON', 'name', [lines[2]]],
      [3, 'REQUIRED', 'name', [lines[3]]],
    ]);
  });

  it('parses the JSON lines of a fix file, and removes its apostrophes', () => {
    const job = aRunningJob({ header: ['_row', 'name', '_error_code', '_json_line'] });
    const rows = [
      ['2', '', 'INVALID_JSON', '{"name":"Ada"}'],
      ['3', '', 'INVALID_JSON', '{broken'],
      ['4', '', 'INVALID_JSON', '{"name":[]}'],
      ['5', "'-5", 'REQUIRED', ''],
    ];
    const items = rows.map((cells, index) => anItem('', { index, cells }));
    const decided = evaluate(new Names(), job, { ...aBatch(job, 0), items });
    expect(decided.rows).toEqual([
      { index: 0, row: 'Ada' },
      { index: 3, row: '-5' },
    ]);
    expect(decided.failures.map(({ index, code }) => [index, code])).toEqual([
      [1, 'INVALID_JSON'],
      [2, 'INVALID_JSON'],
    ]);
  });

  it('reads a fix file that was converted to JSON Lines', () => {
    const format = { type: 'jsonl', encoding: 'utf-8', delimiter: ',' } as const;
    const job = aRunningJob({ format, header: ['_row', 'name', '_error_code'] });
    const lines = [`{"_row":2,"name":"'-5","_error_code":"REQUIRED"}`, '{"name"'];
    const items = lines.map((line, index) => anItem('', { index, cells: [line] }));
    const decided = evaluate(new Names(), job, { ...aBatch(job, 0), items });
    expect(decided.rows).toEqual([{ index: 0, row: '-5' }]);
    expect(decided.failures).toMatchObject([{ index: 1, code: 'INVALID_JSON' }]);
  });

  it('throws for a job whose header was never read', () => {
    const { header: _, ...job } = aRunningJob();
    expect(() => evaluate(new Names(), job, aBatch(job, 0))).toThrow(
      expect.objectContaining({ code: 'MISSING_COLUMN' }),
    );
  });
});

describe('the reference of failures', () => {
  const failure = { index: 4, line: 6, cells: [''], code: 'REQUIRED', column: 'name', message: 'name is empty' };

  it('exists only if there are failures', () => {
    expect(failuresReference([])).toBeUndefined();
    expect(failuresReference([failure])).toMatch(/^[\w-]{8}$/);
  });

  it('is the same under the same rules, and differs as soon as an outcome differs', () => {
    const reference = failuresReference([failure]);
    expect(failuresReference([{ ...failure }])).toBe(reference);
    const { column: _, ...wholeItem } = failure;
    for (const others of [
      [{ ...failure, index: 5 }],
      [{ ...failure, code: 'TOO_LONG' }],
      [wholeItem],
      [failure, failure],
    ]) {
      expect(failuresReference(others)).not.toBe(reference);
    }
  });
});
