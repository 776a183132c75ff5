import { beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { REPORT_LINK_SECONDS, reportMessage, reportSummary, SCHEMA_VERSION, taskFile } from '../../contract/index.ts';
import { redriveKey, type Job } from '../../engine/index.ts';
import { MemoryReports, MemoryTasks } from '../../../test/kit/memory/index.ts';
import { LATE } from '../../../test/kit/fan-out.ts';
import { Pipeline } from '../../../test/kit/pipeline.ts';
import { FailureGroups } from './failure-groups.ts';
import { finishTaskFile, continueReport } from './finish-task-file.ts';
import { taskImport } from '../import/import-job.ts';
import type { ReportDraft, ReportPace } from './report.ts';
import { getTaskFile } from '../file/task-files.ts';
import { linkToFixFile } from './fix-file-link.ts';

const PACE: ReportPace = { partBytes: 1_000, failuresPerPage: 3, isLate: () => false };

let reports: MemoryReports;
let drafts: ReportDraft[];
let file: Pipeline;
beforeEach(() => {
  reports = new MemoryReports();
  drafts = [];
});

async function open(rows: readonly string[], header = 'title,dueAt'): Promise<Job> {
  file = await Pipeline.ofText([header, ...rows].join('\n'), taskImport(new MemoryTasks()));
  return file.run();
}
const ports = () => ({
  ...file.ports,
  reports,
  links: reports,
  reportContinuations: { send: async (_: unknown, draft: ReportDraft) => void drafts.push(draft) },
});
const finish = (isCompleted = true, run = file.job, pace = PACE) =>
  finishTaskFile(ports(), { tenant: run.tenant, jobId: run.jobId }, isCompleted, pace);
const key = (): [string, string] => [file.job.tenant, file.job.jobId];
const read = async () => taskFile.parse(await getTaskFile(ports(), ...key()));
const folder = (run = file.job.jobId): string => `reports/default/${file.job.jobId}/${run}`;
const summary = (run?: string) =>
  reportSummary.parse(JSON.parse(reports.objects.get(`${folder(run)}/summary.json`)!.text));
const fixedRows = (run?: string): string[][] =>
  parse(reports.objects.get(`${folder(run)}/fix-file.csv`)!.text, { bom: true });

const BAD = ['', 'a,1.2.', 'b,x', 'fine', ',x', 'a,b,c'];

describe('the report of an ended file', () => {
  it('has a fix file of the failed rows, and a summary that groups them', async () => {
    await open(BAD);
    await finish();
    expect(fixedRows().map((cells) => cells.slice(0, 4))).toEqual([
      ['_row', 'title', 'dueAt', '_error_code'],
      ['2', 'a', "'1.2.", 'INVALID_DATE'],
      ['3', 'b', 'x', 'INVALID_DATE'],
      ['5', '', 'x', 'REQUIRED'],
      ['6', 'a', 'b', 'TOO_MANY_FIELDS'],
    ]);
    const { fixFile, failureGroups, counts, status } = summary();
    expect({ counts, status }).toEqual({
      counts: { recordCount: 5, processedCount: 1, failedCount: 4 },
      status: 'COMPLETED',
    });
    expect(failureGroups.map(({ code, column, count, firstRow }) => [code, column, count, firstRow])).toEqual([
      ['INVALID_DATE', 'dueAt', 2, 2],
      ['REQUIRED', 'title', 1, 5],
      ['TOO_MANY_FIELDS', undefined, 1, 6],
    ]);
    expect(fixFile).toMatchObject({ rows: 4, parts: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] });
    expect(await read()).toMatchObject({
      failureGroups,
      reportedAt: new Date(file.ports.clock.now()).toISOString(),
    });
    const { form } = reports.objects.get(`${folder()}/fix-file.csv`)!;
    expect(form).toEqual({ contentType: 'text/csv; charset=utf-8', fileName: 'names.failures.csv' });
    const { text } = reports.objects.get(`${folder()}/fix-file.csv`)!;
    expect(await linkToFixFile(ports(), ...key())).toEqual({
      url: `https://reports.example.com/${folder()}/fix-file.csv`,
      fileName: 'names.failures.csv',
      bytes: Buffer.byteLength(text),
      expiresAt: new Date((Math.floor(file.ports.clock.now() / 1_000) + REPORT_LINK_SECONDS) * 1_000).toISOString(),
    });
  });

  it('of JSON Lines has a fix file in CSV, which can be repaired and uploaded', async () => {
    const lines = ['{"title":"a","dueAt":"1.2."}', '{"title":"fine","note":"x"}', '{"title":', '{"note":"why"}'];
    file = await Pipeline.ofText(lines.join('\n'), taskImport(new MemoryTasks()));
    expect(await file.run()).toMatchObject({ succeeded: 1, failed: 3 });
    await finish();
    expect(fixedRows().map((cells) => [cells[1], cells[3], cells[5], cells[8]])).toEqual([
      ['title', 'dueAt', '_error_code', '_json_line'],
      ['a', "'1.2.", 'INVALID_DATE', ''],
      ['', '', 'INVALID_JSON', '{"title":'],
      ['', '', 'REQUIRED', ''],
    ]);
  });

  it('has no fix file if nothing failed', async () => {
    await open(['fine']);
    await finish();
    expect([...reports.objects.keys()]).toEqual([`${folder()}/summary.json`]);
    expect(summary().fixFile).toBeUndefined();
    await expect(linkToFixFile(ports(), ...key())).rejects.toMatchObject({ code: 'NO_FAILED_ROWS' });
  });

  it('has an instant once it is written, also if it is older than this field', async () => {
    const job = await open(BAD);
    const ended = await read();
    expect([ended.status, ended.reportedAt]).toEqual(['COMPLETED', undefined]);
    await file.jobs.attachReport(job, { run: 0, groups: [], others: 0 });
    expect((await read()).reportedAt).toBe(ended.completedAt);
  });

  it('is written only once', async () => {
    await open(BAD);
    await finish();
    reports.objects.clear();
    await finish();
    expect(reports.objects.size).toBe(0);
  });

  it('of a failed file has the failure, and the rows that failed before it', async () => {
    await open(['fine', ',x', '"never closed']);
    await finish(false);
    expect(summary()).toMatchObject({ status: 'FAILED', failure: { code: 'UNCLOSED_QUOTE' } });
    expect(fixedRows()).toHaveLength(2);
  });

  it('of a file that could not be read has only the failure', async () => {
    await open(['x'], 'name');
    await finish(false);
    expect(summary()).toMatchObject({
      failure: { code: 'MISSING_COLUMN' },
      timings: { createdAt: expect.any(String) },
    });
  });

  it('is not written while the file continues', async () => {
    file = await Pipeline.ofText('title\nfine\n\nmore', taskImport(new MemoryTasks()));
    await file.fanOut.run(await file.stored(), LATE);
    const failure = { code: 'SOURCE_MISSING' as const, message: 'gone' };
    await file.jobs.finish(await file.stored(), { status: 'FAILED', at: 1, failure, guard: {} });
    await file.redrive();
    await finish(false);
    expect(reports.objects.size).toBe(0);
    await expect(finish(false, { ...file.job, jobId: 'unknown' })).rejects.toMatchObject({ name: 'UnknownJobError' });
  });

  it('after a redrive has the remaining failures', async () => {
    const job = await open(BAD);
    await finish();
    await file.redrive(['REQUIRED']);
    await expect(linkToFixFile(ports(), ...key())).rejects.toMatchObject({ code: 'STILL_RUNNING' });
    expect((await read()).reportedAt).toBeUndefined();
    await file.deliver();
    await expect(linkToFixFile(ports(), ...key())).rejects.toMatchObject({ code: 'REPORT_PENDING' });
    expect((await read()).reportedAt).toBeUndefined();
    const run = redriveKey(job, 1);
    await finish(true, { ...file.job, ...run });
    expect((await read()).reportedAt).toBeDefined();
    expect(fixedRows(run.jobId)).toHaveLength(5);
    expect(summary(run.jobId)).toMatchObject({ runId: run.jobId, counts: { failedCount: 4 } });
    expect((await linkToFixFile(ports(), ...key())).url).toContain(run.jobId);
  });

  it('is reported as expired once it is deleted, and a redrive writes another', async () => {
    const job = await open(BAD);
    await finish();
    reports.objects.clear();
    await expect(linkToFixFile(ports(), ...key())).rejects.toMatchObject({
      code: 'REPORT_EXPIRED',
      message: expect.stringContaining(`POST /task-files/${job.jobId}/redrive`),
    });
    await file.redrive();
    await file.deliver();
    await finish(true, { ...file.job, ...redriveKey(job, 1) });
    expect((await linkToFixFile(ports(), ...key())).url).toContain(redriveKey(job, 1).jobId);
  });

  it('is not available while the file runs, or before it is written', async () => {
    file = await Pipeline.ofText('title\nx', taskImport(new MemoryTasks()));
    await expect(linkToFixFile(ports(), ...key())).rejects.toMatchObject({ code: 'STILL_RUNNING' });
    await open(BAD);
    await expect(linkToFixFile(ports(), ...key())).rejects.toMatchObject({ code: 'REPORT_PENDING' });
  });
});

describe('a long report', () => {
  const rows = Array.from({ length: 100 }, (_, index) => `${'x'.repeat(50)},no date ${index}`);

  it('is written in parts, with at most one in memory', async () => {
    await open(rows);
    await finish();
    expect(fixedRows()).toHaveLength(101);
    expect(reports.largest).toBeLessThan(2_000);
    const { fixFile } = summary();
    expect(fixFile?.parts.length).toBeGreaterThan(5);
    expect(fixFile?.bytes).toBe(Buffer.byteLength(reports.objects.get(`${folder()}/fix-file.csv`)!.text));
  });

  it('continues in as many invocations as it needs, and has the same content', async () => {
    await open(rows);
    await finish();
    const whole = new Map(reports.objects);
    reports = new MemoryReports();
    await open(rows);
    const late = { ...PACE, isLate: () => true };
    await finish(true, file.job, late);
    let hops = 0;
    for (let draft = drafts.shift(); draft; draft = drafts.shift()) {
      const report = { tenant: 'default', taskFileId: file.job.jobId, draft };
      const sent = reportMessage.parse(JSON.parse(JSON.stringify({ schemaVersion: SCHEMA_VERSION, report })));
      await continueReport(ports(), file.job, sent.report.draft, late);
      hops += 1;
    }
    expect(hops).toBeGreaterThan(5);
    expect(reports.objects).toEqual(whole);
  });

  it('starts again if a redrive has ended in between', async () => {
    const job = await open(rows);
    await finish(true, file.job, { ...PACE, isLate: () => true });
    await file.redrive();
    await file.deliver();
    await continueReport(ports(), file.job, drafts.shift()!, PACE);
    const { redrive } = await file.stored();
    expect(fixedRows(redriveKey(job, redrive!.number).jobId)).toHaveLength(101);
  });
});

it('names the largest groups, and counts the others together', () => {
  const groups = new FailureGroups();
  for (let index = 0; index < 1_500; index += 1) {
    const failure = { index, line: index, code: `CODE_${index}`, message: 'm', cells: [] };
    groups.add(failure);
    if (index === 700) groups.add({ ...failure, column: 'title' });
    if (index === 7) for (const _ of [1, 2, 3]) groups.add(failure);
  }
  const { groups: largest, others } = groups.largest();
  expect(largest).toHaveLength(20);
  expect(largest[0]).toEqual({ code: 'CODE_7', count: 4, firstIndex: 7, message: 'm' });
  expect(others + largest.reduce((sum, { count }) => sum + count, 0)).toBe(1_504);
});
