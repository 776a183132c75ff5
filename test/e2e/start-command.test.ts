import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { ServiceProcess } from './support/process.ts';
import { readerOf } from './support/service.ts';

describe('npm start', () => {
  let dataDir: string;
  let started: AsyncDisposableStack;
  const start = (...options: readonly string[]): ServiceProcess => started.use(new ServiceProcess(...options));
  beforeEach(async () => {
    started = new AsyncDisposableStack();
    dataDir = await mkdtemp(join(tmpdir(), 'task-service-start-'));
  });
  afterEach(async () => {
    await started.disposeAsync();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('prints every address, serves, stops at Ctrl-C and frees every port', async () => {
    const service = start('--port', '0', '--data-dir', dataDir);
    const baseUrl = await service.baseUrl();
    expect(service.printed).toMatch(/^Task Service listening on http:\/\/127\.0\.0\.1:\d+$/m);
    const endpoints = ['S3', 'SQS', 'SNS', 'DynamoDB'].map((name) => service.value(name));
    for (const endpoint of endpoints) expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(service.value('Uploads bucket')).toMatch(/^[a-z0-9.-]+$/);
    expect(await readdir(service.value('Logs'))).toEqual(expect.any(Array));

    const ended = await readerOf(baseUrl).process(csv(rows(2)), 'two.csv');
    expect(ended).toMatchObject({ status: 'COMPLETED', processedCount: 2 });
    service.kill('SIGINT');
    expect(await service.end()).toEqual({ code: 0, signal: null });
    for (const url of [baseUrl, ...endpoints]) await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(service.complained).toBe('');
  });

  it('prints and logs no content of rows', async () => {
    const service = start('--port', '0', '--data-dir', dataDir, '--verbose');
    const reader = readerOf(await service.baseUrl());
    const secret = 'hunter2';
    await reader.process(
      csv([
        { title: secret, dueAt: secret },
        { title: secret, isComplete: 'no' },
      ]),
      'private.csv',
    );
    await reader.process(`${secret}\n"${secret}`, 'private.csv');
    service.kill('SIGINT');
    await service.end();
    expect(service.printed + service.complained).toContain('task_file_completed');
    expect(service.printed + service.complained).not.toContain(secret);
  });

  it('refuses a data folder that is in use, in one sentence', async () => {
    const service = start('--port', '0', '--data-dir', dataDir);
    const baseUrl = await service.baseUrl();
    const second = start('--port', '0', '--data-dir', dataDir);
    expect(await second.end()).toEqual({ code: 1, signal: null });
    expect(second.complained.trim()).toMatch(/^.* is in use by process \d+.*$/);
    expect(second.complained).toContain(dataDir);
    expect((await readerOf(baseUrl).client.listTasks()).items).toEqual([]);
  });

  it('refuses a port that is taken, in one sentence, and leaves the data folder alone', async () => {
    const service = start('--port', '0', '--data-dir', dataDir);
    const { port } = new URL(await service.baseUrl());
    const other = join(dataDir, 'other');
    const second = start('--port', port, '--data-dir', other);
    expect(await second.end()).toEqual({ code: 1, signal: null });
    expect(second.complained.trim()).toBe(
      `Port ${port} is taken by another program. Stop that program, or choose another port with --port.`,
    );
    expect(await readdir(dataDir)).not.toContain('other');
  });

  it('continues with the data of the last run, and starts empty with --fresh', async () => {
    const first = start('--port', '0', '--data-dir', dataDir);
    const task = await readerOf(await first.baseUrl()).client.createTask({ body: { title: 'Stay' } });
    first.kill('SIGTERM');
    expect(await first.end()).toEqual({ code: 0, signal: null });
    const second = start('--port', '0', '--data-dir', dataDir);
    expect(await readerOf(await second.baseUrl()).allTasks()).toEqual([task]);
    second.kill('SIGINT');
    await second.end();
    const third = start('--port', '0', '--data-dir', dataDir, '--fresh');
    expect(await readerOf(await third.baseUrl()).allTasks()).toEqual([]);
  });
});
