import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Aws } from './support/aws.ts';
import { csv, rows } from './support/csv.ts';
import { content, expectExact, lowerVisibilityTimeouts, progressed, ROWS } from './support/long-file.ts';
import { ServiceProcess } from './support/process.ts';
import { seed } from './support/seed.ts';
import { readerOf, startService } from './support/service.ts';
import { until } from './support/until.ts';

describe('on disk', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'task-service-e2e-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('a file continues after stop and start, and everything stored before is still stored', async () => {
    await using first = await startService({ dataDir });
    const task = await first.client.createTask({ body: { title: 'Stay' } });
    const { id: doneId } = await first.process(csv(rows(2)), 'done.csv');
    const done = await until(
      'the report of a file that is done',
      () => first.client.getTaskFile({ params: { id: doneId } }),
      ({ reportedAt }) => reportedAt !== undefined,
    );
    const [edited, deleted] = await first.tasksOf(done.id);
    await first.client.updateTask({ params: { id: edited?.id ?? '' }, body: { title: 'Edited' } });
    await first.client.deleteTask({ params: { id: deleted?.id ?? '' } });
    const { id } = await first.client.uploadTasks({ body: csv(rows(4_000)) });
    const { status, processedCount } = await progressed(first, id, 1);
    expect(status).toBe('IN_PROGRESS');
    await first.stop();

    await using second = await startService({ dataDir });
    const after = await second.client.getTaskFile({ params: { id } });
    expect(after.processedCount).toBeGreaterThanOrEqual(processedCount);
    expect(await second.ended(id)).toMatchObject({ status: 'COMPLETED', recordCount: 4_000, processedCount: 4_000 });
    expect((await second.tasksOf(id)).map(({ row }) => row)).toEqual(Array.from({ length: 4_000 }, (_, n) => n + 2));
    expect(await second.client.getTask({ params: { id: task.id } })).toEqual(task);
    expect(await second.client.getTaskFile({ params: { id: done.id } })).toEqual(done);
    expect((await second.tasksOf(done.id)).map(({ title }) => title)).toEqual(['Edited']);
  });

  it(`a file completes exactly after the process is killed twice while it runs (seed ${seed})`, async () => {
    await using started = new AsyncDisposableStack();
    const start = () => started.use(new ServiceProcess('--port', '0', '--data-dir', dataDir));
    let running = start();
    let reader = readerOf(await running.baseUrl());
    await hurry(running);
    const { id } = await reader.client.uploadTasks({ query: { fileName: 'killed.csv' }, body: content });
    let before = 0;
    for (const part of [0, 1]) {
      // A position in the first 30 % of the file, then one in the second.
      const rowsDone = Math.floor(ROWS * (0.3 * part + 0.3 * ((seed / 2 ** (31 - 10 * part)) % 1)));
      const seen = await progressed(reader, id, Math.max(1, rowsDone));
      expect(seen.status).toBe('IN_PROGRESS');
      expect(seen.processedCount).toBeGreaterThanOrEqual(before);
      before = seen.processedCount;
      running.kill('SIGKILL');
      expect(await running.end()).toEqual({ code: null, signal: 'SIGKILL' });
      running = start();
      reader = readerOf(await running.baseUrl());
      await hurry(running);
    }
    await expectExact(reader, id);
  });

  async function hurry(running: ServiceProcess): Promise<void> {
    const aws = new Aws({
      s3: running.value('S3'),
      sqs: running.value('SQS'),
      bucket: running.value('Uploads bucket'),
    });
    await lowerVisibilityTimeouts(aws);
    aws.close();
  }
});
