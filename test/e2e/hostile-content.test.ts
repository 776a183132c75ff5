import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskFile } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { json } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const compress = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(text));

/** A text that occurs nowhere else. The tests put it everywhere where content can be. */
const CANARY = 'canary4711';

describe('hostile content', () => {
  let service: Service;
  let dataDir: string;
  const printed: string[] = [];
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'task-service-content-'));
    service = await startService({ dataDir, verbose: true, onLine: (line) => printed.push(line) });
  });
  afterAll(async () => {
    await service.stop();
    await rm(dataDir, { recursive: true });
  });

  /** Uploads a form, because gzip does not survive as text. */
  async function process(content: string | Uint8Array<ArrayBuffer>, name = 'hostile.csv'): Promise<TaskFile> {
    const form = new FormData();
    form.append('file', new Blob([content]), name);
    const { id } = await service.client.uploadTasks({ body: form });
    return service.ended(id);
  }

  it('in a gzip with a wrong length in its trailer gets no total from it, and is counted exactly', async () => {
    for (const claimed of [0, 5, 2 ** 32 - 1]) {
      const lying = compress(csv(rows(3_000)));
      new DataView(lying.buffer).setUint32(lying.length - 4, claimed, true);
      const ended = await process(lying);
      expect(ended).toMatchObject({
        status: 'FAILED',
        failure: { code: 'DAMAGED_GZIP' },
        etaSeconds: null,
      });
      expect(ended.percent).toBeLessThan(100);
      expect(await service.tasksOf(ended.id)).toHaveLength(ended.processedCount);
    }
  });

  it('in a gzip that was cut off cannot be redriven, because its end is missing', async () => {
    const { id } = await process(compress(csv(rows(3_000))).subarray(0, -2_000));
    const refused = await service.request(`/task-files/${id}/redrive`, { method: 'POST' });
    expect(await refused.json()).toMatchObject({
      code: 'NOT_REDRIVABLE',
      detail: expect.stringContaining('DAMAGED_GZIP'),
    });
  });

  it.each([
    ['of a header of 1 MiB', `title,${'x'.repeat(1024 ** 2)}\nOne\n`, 'RECORD_TOO_LARGE'],
    ['of a header of 20,000 columns', `title${',c'.repeat(20_000)}\nOne\n`, 'TOO_MANY_COLUMNS'],
    ['of nothing but quotes', '"'.repeat(1024 ** 2), 'RECORD_TOO_LARGE'],
    ['of a row of nothing but quotes', `title\n${'"'.repeat(1_100_000)}`, 'RECORD_TOO_LARGE'],
    ['of a row of nothing but delimiters', `title\n${','.repeat(1_100_000)}`, 'RECORD_TOO_LARGE'],
    ['of zeros', new Uint8Array(1024 ** 2), 'NOT_TEXT'],
  ])('%s ends FAILED with a reason', async (_, content, code) => {
    expect(await process(content)).toMatchObject({ status: 'FAILED', failure: { code, message: expect.any(String) } });
  });

  it('of 300,000 lines that end with CR, nearly all blank, is counted', async () => {
    const content = `title\r${'One\r\r\r'.repeat(100)}${'\r'.repeat(60_000)}Last\r`;
    expect(await process(content)).toMatchObject({ status: 'COMPLETED', recordCount: 101, processedCount: 101 });
  });

  it('of JSON nested 30,000 deep fails only its own rows', async () => {
    const lines = [
      '{"title":"One"}',
      `{"title":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      '['.repeat(60_000),
      `{"title":"Two","more":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
    ];
    const { id, ...ended } = await process(lines.join('\n'), 'deep.jsonl');
    expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 4, processedCount: 2, failedCount: 2 });
    expect((await service.failuresOf(id)).map(({ row }) => row)).toEqual([3, 4]);
  });

  it('appears in no log, metric, error or address outside the stores', async () => {
    const hostile = [
      { title: CANARY, detail: CANARY, dueAt: CANARY, isComplete: CANARY },
      { title: `${CANARY}${'x'.repeat(100)}` },
      { title: `=${CANARY}()`, detail: CANARY },
      { title: CANARY },
    ];
    const header = ['title', 'detail', 'dueAt', 'isComplete', CANARY];
    const files = [
      await process(csv(hostile, { columns: header }), `${CANARY}.csv`),
      await process(`${CANARY}\n${CANARY}\n`),
      await process(`title\n${CANARY}\n"${CANARY}`),
      await process(`{"title":"${CANARY}","${CANARY}":1}\n{"title":["${CANARY}"]}\n${CANARY}\n`, 'lines.jsonl'),
    ];
    expect(files.map(({ status, failedCount }) => `${status} ${failedCount}`)).toEqual([
      'COMPLETED 2',
      'FAILED 0',
      'FAILED 0',
      'COMPLETED 2',
    ]);
    const { id } = await service.client.createTask({ body: { title: CANARY } });
    for (const body of [{ title: 1, detail: CANARY }, `{"title":${CANARY}`, { title: CANARY, [CANARY]: 1 }]) {
      await service.request(`/tasks/${id}`, { method: 'PUT', ...json(body) });
    }
    await service.request(`/tasks?cursor=${CANARY}`);
    await service.request(`/tasks?${CANARY}=1`);
    await service.request(`/${CANARY}`);
    await service.client.deleteTask({ params: { id } });
    await until(
      'the report',
      () => service.client.getTaskFile({ params: { id: files[0]!.id } }),
      ({ failureGroups }) => failureGroups !== undefined,
    );
    const folder = service.cloud.logsFolder ?? '';
    const logs = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    const lines = [...logs, ...printed].join('\n');
    expect(lines).toContain('task_file_completed');
    expect(lines).not.toContain(CANARY);
    expect(JSON.stringify(await service.cloud.gate.counts())).not.toContain(CANARY);
  });

  it('that a spreadsheet would run is text in every response, and is neutralised in the fix file', async () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x")', "'=1"];
    const content = csv([...formulas.map((title) => ({ title, dueAt: 'never', detail: title })), { title: '=stays' }]);
    const { id } = await service.process(content, '=cmd.csv');
    expect((await service.tasksOf(id)).map(({ title }) => title)).toEqual(['=stays']);
    const response = await until(
      'the fix file',
      () => service.request(`/task-files/${id}/failures`, { headers: { accept: 'text/csv' } }),
      ({ status }) => status === 200,
    );
    const text = await response.text();
    const cells = text.split(/[\r\n,]+/).map((cell) => cell.replace(/^"/, ''));
    expect(cells.filter((cell) => /^[=+\-@\t]/.test(cell))).toEqual([]);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const repaired = await service.process(text.replaceAll('never', '2027-03-01T08:00:00Z'));
    const titles = (await service.tasksOf(repaired.id)).map(({ title }) => title);
    expect(titles).toEqual(formulas.map((formula) => formula.trim()));
  });
});
