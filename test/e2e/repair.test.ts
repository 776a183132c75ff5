import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { downloadFixFile } from '../../client/index.ts';
import type { TaskFile } from '../../src/contract/index.ts';
import { csv, rows, type Cells } from './support/csv.ts';
import { expectProblem } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const ROWS = 200;

/** The faults of three rows in ten, each of another kind. They also have formulas and line breaks in their cells. */
const BAD: Readonly<Record<number, Cells>> = {
  2: { title: '', detail: '=1+1\nand "more"' },
  5: { dueAt: '31.12.2027', detail: '@home' },
  8: { isComplete: 'perhaps', title: '-5 degrees' },
};
const CODES = ['REQUIRED', 'INVALID_DATE', 'INVALID_BOOLEAN'];

describe('the repair loop', () => {
  let service: Service;
  let file: TaskFile;
  beforeAll(async () => {
    service = await startService();
    file = await service.process(csv(rows(ROWS, (number) => BAD[number % 10] ?? {})), 'März "1".csv');
  });
  afterAll(() => service.stop());

  const byRedirect = (id: string, headers: Record<string, string> = {}): Promise<Response> =>
    service.request(`/task-files/${id}/failures`, { headers: { accept: 'text/csv', ...headers } });

  /** Waits for the fix file of a file, and fetches it as a caller that signs nothing and follows redirects. */
  async function fixFileOf(id: string): Promise<{ text: string; headers: Headers }> {
    const response = await until(
      `the fix file of task file ${id}`,
      () => byRedirect(id),
      ({ status }) => status === 200,
    );
    return { text: Buffer.from(await response.arrayBuffer()).toString(), headers: response.headers };
  }
  const parseCells = (text: string): string[][] => parse(text, { bom: true });

  it('begins with a file with 30 % bad rows, which completes with exact counts', async () => {
    expect(file).toMatchObject({ status: 'COMPLETED', recordCount: 200, processedCount: 140, failedCount: 60 });
    expect(await service.client.verifyTaskFile({ params: { id: file.id } })).toMatchObject({
      differing: 0,
      failed: 60,
    });
  });

  /** Waits until the report of a file is written. */
  const reported = (id: string): Promise<TaskFile> =>
    until(
      `the report of task file ${id}`,
      () => service.client.getTaskFile({ params: { id } }),
      ({ reportedAt }) => reportedAt !== undefined,
    );

  it('groups the failures by what they have in common, and says when the report was written', async () => {
    const { failureGroups = [] } = await reported(file.id);
    expect(
      failureGroups
        .map(({ code, count, firstRow }) => [code, count, firstRow])
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['INVALID_BOOLEAN', 20, 9],
      ['INVALID_DATE', 20, 6],
      ['REQUIRED', 20, 3],
    ]);
  });

  it('returns the failed rows as a file that is safe to open, with the reason for each', async () => {
    const { text, headers } = await fixFileOf(file.id);
    const [header, ...lines] = parseCells(text);
    expect(header).toEqual([
      '_row',
      'title',
      'detail',
      'dueAt',
      'isComplete',
      '_error_code',
      '_error_column',
      '_error_message',
      '_extra',
    ]);
    expect(lines).toHaveLength(60);
    expect(lines[0]?.slice(0, 6)).toEqual([
      '3',
      '',
      '\'=1+1\nand "more"',
      "'2027-03-01T09:00:00+01:00",
      'yes',
      'REQUIRED',
    ]);
    expect(lines.flat().filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
    expect(headers.get('content-disposition')).toContain("filename*=UTF-8''M%C3%A4rz%20%221%22.failures.csv");
  });

  it('returns the same file by a URL in JSON, for callers that cannot follow the redirect with their signature', async () => {
    const { text } = await fixFileOf(file.id);
    const signature = { 'x-amz-date': '20260131T080000Z', 'x-amz-security-token': 'token' };
    expect((await byRedirect(file.id, signature)).status).toBe(403);
    const { content, fileName, bytes, expiresAt } = await downloadFixFile(service.client, file.id);
    const got = Buffer.from(await content.arrayBuffer());
    expect(got.toString()).toBe(text);
    expect({ fileName, bytes }).toEqual({ fileName: 'März "1".failures.csv', bytes: got.length });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.parse(file.createdAt));
    const response = await service.request(`/task-files/${file.id}/fix-file`);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('fails the same rows for the same reasons if the fix file is uploaded unchanged', async () => {
    const { text } = await fixFileOf(file.id);
    const again = await service.process(text, 'again.csv');
    expect(again).toMatchObject({ status: 'COMPLETED', recordCount: 60, processedCount: 0, failedCount: 60 });
    const failures = await service.failuresOf(again.id);
    expect(failures.slice(0, 3).map(({ code }) => code)).toEqual(CODES);
    // The row numbers are still those of the first file.
    expect((await fixFileOf(again.id)).text).toBe(text);
  });

  it('imports the remaining rows when the repaired fix file is uploaded', async () => {
    const [header, ...lines] = parseCells((await fixFileOf(file.id)).text);
    const repaired = lines.map(([row, title, detail, dueAt, isComplete, ...errors]) => [
      row!,
      title === '' ? 'A title' : title!,
      detail!,
      dueAt === "'31.12.2027" ? '2027-12-31T00:00:00Z' : dueAt!,
      isComplete === 'perhaps' ? 'no' : isComplete!,
      ...errors,
    ]);
    const asCells = repaired.map((cells) => Object.fromEntries(header!.map((name, index) => [name, cells[index]!])));
    const done = await service.process(csv(asCells, { columns: header! }), 'repaired.csv');
    expect(done).toMatchObject({ status: 'COMPLETED', recordCount: 60, processedCount: 60, failedCount: 0 });
    const tasks = await service.tasksOf(done.id);
    expect(tasks).toHaveLength(60);
    expect(tasks[0]).toMatchObject({ title: 'A title', detail: '=1+1\nand "more"' });
    expect(tasks[1]).toMatchObject({ detail: '@home', dueAt: '2027-12-31T00:00:00.000Z' });
    expect(tasks[2]).toMatchObject({ title: '-5 degrees', isComplete: false });
  });

  it('has no fix file for a file without failed rows, and none before the end', async () => {
    const { id } = await service.process(csv(rows(3)));
    // A presigned upload that receives no bytes, so that its file cannot end in the meantime.
    const body = JSON.stringify({ fileName: 'presigned.csv', contentLength: 9 });
    const waiting = await service.client.uploadTasks({ body, contentType: 'application/json' });
    for (const path of ['failures', 'fix-file']) {
      const of = (taskFileId: string): Promise<Response> =>
        service.request(`/task-files/${taskFileId}/${path}`, { headers: { accept: 'text/csv' } });
      await expectProblem(await of(id), 'NO_FAILED_ROWS');
      await expectProblem(await of(waiting.id), 'STILL_RUNNING');
    }
  });

  it('reports a fix file that the bucket has deleted, and writes another one by a redrive', async () => {
    const { url } = await service.client.getFixFile({ params: { id: file.id } });
    const key = new URL(url).pathname.slice(1).split('/').slice(1).join('/');
    await service.aws.deleteObject(decodeURIComponent(key));
    const { detail } = await expectProblem(await service.request(`/task-files/${file.id}/fix-file`), 'REPORT_EXPIRED');
    expect(detail).toContain(`POST /task-files/${file.id}/redrive`);
    await expectProblem(await byRedirect(file.id), 'REPORT_EXPIRED');
    await service.client.redriveTaskFile({ params: { id: file.id } });
    await service.redriven(file.id);
    expect(parseCells((await fixFileOf(file.id)).text)).toHaveLength(61);
  });
});
