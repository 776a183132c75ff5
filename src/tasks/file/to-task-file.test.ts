import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ENCODING_NAMES, rowFailure, taskFile } from '../../contract/index.ts';
import { ENCODINGS, newJob, progressOf, type ItemFailure, type Job } from '../../engine/index.ts';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { toRowFailure, toTaskFile } from './to-task-file.ts';

const JOB_ID = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const created = newJob({
  tenant: 'default',
  jobId: JOB_ID,
  name: 'tasks.csv',
  cut: { itemsPerBatch: 25, batchesPerSegment: 100, batchBytes: 60_000 },
  source: { key: 'uploads/tasks.csv', etag: 'abc', bytes: 1_000 },
  createdAt: Date.UTC(2026, 0, 31, 8),
  requestDigest: 'digest',
});
const described = (job: Job) => toTaskFile(job, progressOf(job, [], job.createdAt + 10_000));

describe('a task file', () => {
  it('that is new has no instant except its creation', () => {
    expect(described(created)).toEqual({
      id: JOB_ID,
      fileName: 'tasks.csv',
      status: 'NEW',
      recordCount: 0,
      totalIsFinal: false,
      processedCount: 0,
      failedCount: 0,
      unprocessedCount: 0,
      percent: 0,
      rowsPerSecond: 0,
      etaSeconds: null,
      createdAt: '2026-01-31T08:00:00.000Z',
    });
  });

  it('that failed says when and why', () => {
    const failure = { code: 'NOT_TEXT', message: 'The file is not text.' };
    const { createdAt } = created;
    const job = {
      ...created,
      status: 'FAILED',
      startedAt: createdAt + 1,
      completedAt: createdAt + 2,
      failure,
    } as const;
    const described_ = described(job);
    expect(described_).toMatchObject({
      status: 'FAILED',
      startedAt: '2026-01-31T08:00:00.001Z',
      completedAt: '2026-01-31T08:00:00.002Z',
      failure,
    });
    expect(taskFile.parse(described_)).toEqual(described_);
  });

  it('has no field of its stored form', () => {
    expect(JSON.stringify(described(created))).not.toMatch(/uploads|digest|abc|batch|segment|tenant/i);
  });
});

it('a started file has its format, and its unknown columns', () => {
  const header = ['Title', ' note ', '_row', '_ERROR_code', 'x'.repeat(3_000)];
  const format = { type: 'csv', encoding: 'windows-1252', delimiter: ';', skippedLines: 3 } as const;
  const progress = progressOf(aRunningJob({ header, format }), [], 0);
  const told = taskFile.parse(toTaskFile(aRunningJob({ header, format }), progress));
  expect(told).toMatchObject({ format, ignoredColumns: [' note ', `${'x'.repeat(2_000)}…`] });
  expect(toTaskFile(aRunningJob({ header: ['title', '_row'] }), progress)).toMatchObject({ ignoredColumns: ['_row'] });
  expect(toTaskFile(aRunningJob({ header: ['title'] }), progress)).not.toHaveProperty('ignoredColumns');
  const compressed = { type: 'jsonl', encoding: 'utf-8', delimiter: ';', compression: 'gzip' } as const;
  expect(taskFile.parse(toTaskFile(aRunningJob({ header, format: compressed }), progress)).format).toEqual({
    type: 'jsonl',
    encoding: 'utf-8',
    compression: 'gzip',
  });
  const options = { timeZone: 'Europe/Berlin', nullWords: ['NA'] };
  expect(taskFile.parse(toTaskFile(aRunningJob({ header, options }), progress)).format).toMatchObject({
    asked: options,
  });
});

describe('a failed row', () => {
  const failure: ItemFailure = {
    index: 5,
    line: 9,
    code: 'TOO_LONG',
    column: 'title',
    value: 'much too long',
    message: 'title is longer than 100 characters',
    cells: ['much too long', 'secret'],
  };

  it('has its row number, the header being row 1, without its other cells', () => {
    const { index: _, cells: _cells, ...rest } = failure;
    expect(toRowFailure(failure)).toEqual({ row: 7, ...rest });
  });

  it('that failed as a whole names neither column nor value', () => {
    const { column: _, value: _value, ...whole } = failure;
    expect(toRowFailure(whole)).toEqual({ row: 7, line: 9, code: 'TOO_LONG', message: failure.message });
  });

  it('shortens a long value so that a page of a hundred fits a response, and never to half a character', () => {
    const lambdaResponseBytes = 6 * 1024 * 1024;
    fc.assert(
      fc.property(fc.constantFrom('x', '\u0000', '😀', 'a😀', '\uFFFF'), fc.nat(3), (piece, before) => {
        const value = 'x'.repeat(before) + piece.repeat(64 * 1024);
        const told = rowFailure.parse(toRowFailure({ ...failure, value }));
        expect(Buffer.byteLength(JSON.stringify(told)) * 100).toBeLessThan(lambdaResponseBytes);
        expect(told.value?.endsWith('…')).toBe(true);
        expect(told.value?.isWellFormed()).toBe(true);
      }),
    );
    const longest = 'x'.repeat(2_000);
    expect(toRowFailure({ ...failure, value: longest }).value).toBe(longest);
  });
});

it('an uploader can name exactly the encodings that the reader has', () => {
  expect(ENCODING_NAMES.toSorted()).toEqual(ENCODINGS.toSorted());
});
