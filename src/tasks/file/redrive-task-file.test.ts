import { beforeEach, describe, expect, it } from '@jest/globals';
import { taskFile, type TaskFile, type Verification } from '../../contract/index.ts';
import { itemId, redriveKey } from '../../engine/index.ts';
import { PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryTasks } from '../../../test/kit/memory/index.ts';
import { Pipeline } from '../../../test/kit/pipeline.ts';
import { taskImport } from '../import/import-job.ts';
import { getTaskFile, listFailuresOfFile, redriveTaskFile } from './task-files.ts';
import { deleteTask, updateTask } from '../task/tasks.ts';
import { verifyTaskFile } from './verify.ts';

const ROWS = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eva', ''];

let tasks: MemoryTasks;
let file: Pipeline;
/** An ended file of six rows, two of which failed in an outage. The last one has no title. */
beforeEach(async () => {
  tasks = new MemoryTasks();
  const definition = taskImport(tasks);
  let isDown = true;
  file = await Pipeline.ofText(['title,detail', ...ROWS.map((title) => `${title},x`)].join('\n'), {
    ...definition,
    decide: ([title, detail]) =>
      isDown && ['Cleo', 'Dan'].includes(title ?? '')
        ? { refusal: { code: 'OUTAGE', message: 'the store was down' } }
        : definition.decide([title, detail], {}),
  });
  await file.run();
  isDown = false;
});

const ports = () => ({ ...file.ports, tasks });
const key = (): [string, string] => [file.job.tenant, file.job.jobId];
const redrive = (codes?: readonly string[]): Promise<TaskFile> => redriveTaskFile(ports(), ...key(), codes);
const read = async (): Promise<TaskFile> => taskFile.parse(await getTaskFile(ports(), ...key()));
const verify = (): Promise<Verification> => verifyTaskFile(ports(), ...key());
const failedRows = async (limit = 100): Promise<number[]> => {
  const rows: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await listFailuresOfFile(ports(), ...key(), { limit, ...(cursor !== undefined && { cursor }) });
    rows.push(...page.items.map(({ row }) => row));
    ({ cursor } = page);
  } while (cursor !== undefined);
  return rows;
};

describe('redriving a task file', () => {
  it('moves the rows that it imports from failed to processed, and is listed', async () => {
    expect(await read()).toMatchObject({ processedCount: 3, failedCount: 3 });
    expect(await failedRows()).toEqual([4, 5, 7]);
    expect(await redrive()).toMatchObject({ redrives: [{ number: 1, status: 'NEW', recordCount: 0 }] });
    await file.deliver();
    const after = await read();
    expect(after).toMatchObject({
      status: 'COMPLETED',
      recordCount: 6,
      processedCount: 5,
      failedCount: 1,
      percent: 100,
    });
    expect(after.redrives).toEqual([
      {
        number: 1,
        status: 'COMPLETED',
        recordCount: 3,
        processedCount: 2,
        failedCount: 1,
        createdAt: expect.any(String),
        completedAt: expect.any(String),
      },
    ]);
    for (const limit of [1, 2, 3]) expect(await failedRows(limit)).toEqual([7]);
  });

  it('takes only rows that failed with one of the codes, and names the codes', async () => {
    expect((await redrive(['OUTAGE'])).redrives).toMatchObject([{ codes: ['OUTAGE'] }]);
    await file.deliver();
    expect((await read()).redrives).toMatchObject([{ codes: ['OUTAGE'], recordCount: 2, processedCount: 2 }]);
  });

  it('shows why a run failed', async () => {
    await redrive();
    await file.fanOut.resume(file.messaging.sentContinuations.shift()!, PLENTY);
    const failure = { code: 'SOURCE_MISSING' as const, message: 'The list of rows is gone.' };
    const run = (await file.jobs.read(redriveKey(file.job, 1)))!;
    await file.jobs.finish(run, { status: 'FAILED', at: 1, failure, guard: {} });
    expect((await read()).redrives).toMatchObject([{ status: 'FAILED', failure }]);
  });

  it('makes the tasks that the first pass would have made', async () => {
    await redrive();
    await file.deliver();
    const stored = await tasks.readMany(
      file.job.tenant,
      [0, 2].map((index) => itemId(file.job.jobId, index)),
    );
    const [first, redriven] = stored.map(({ item }) => item);
    expect(redriven).toEqual({
      ...first,
      content: { title: 'Cleo', detail: 'x', isComplete: false },
      origin: { taskFileId: file.job.jobId, row: 4 },
    });
  });

  it('is refused if no failure remains, and for an unknown file', async () => {
    await redrive(['OUTAGE']);
    await expect(redrive()).rejects.toMatchObject({
      name: 'TaskError',
      code: 'NOT_REDRIVABLE',
      message: expect.stringMatching(/^Task file \S+ cannot be redriven: redrive 1 is under way/),
    });
    await expect(redriveTaskFile(ports(), 'default', 'unknown')).rejects.toMatchObject({ code: 'TASK_FILE_NOT_FOUND' });
    const run = redriveKey(file.job, 1);
    await file.deliver();
    await expect(getTaskFile(ports(), run.tenant, run.jobId)).rejects.toMatchObject({ code: 'TASK_FILE_NOT_FOUND' });
    await expect(verifyTaskFile(ports(), run.tenant, run.jobId)).rejects.toMatchObject({ code: 'TASK_FILE_NOT_FOUND' });
  });

  it('passes other errors on', async () => {
    const announcer = { announce: () => Promise.reject(new Error('topic is down')) };
    const continuations = { send: () => Promise.reject(new Error('queue is down')) };
    await expect(redriveTaskFile({ ...ports(), announcer, continuations }, ...key())).rejects.toThrow('queue is down');
  });
});

describe('verifying a file that was redriven', () => {
  it('finds the rows that the redrive imported, even if a caller has changed or deleted them since', async () => {
    await redrive();
    await file.deliver();
    const [changed, deleted] = [2, 3].map((index) => itemId(file.job.jobId, index));
    await updateTask(ports(), file.job.tenant, changed!, { title: 'mine', isComplete: true });
    await deleteTask(ports(), file.job.tenant, deleted!);
    expect(await verify()).toMatchObject({
      stored: 5,
      failed: 1,
      differing: 0,
      expected: { recordCount: 6, processedCount: 5, failedCount: 1 },
    });
  });

  it('names a row that is stored although no run has imported it', async () => {
    await redrive(['OUTAGE']);
    await file.deliver();
    const { tenant, jobId } = file.job;
    const stored = await tasks.read(tenant, itemId(jobId, 0));
    tasks = new MemoryTasks();
    const all = ROWS.map((_, index) => ({ id: itemId(jobId, index), item: stored.item! }));
    await tasks.putRows(tenant, all);
    expect(await verify()).toMatchObject({ differences: [{ row: 7, difference: 'BOTH' }] });
  });

  it('is refused while the redrive is under way', async () => {
    await redrive();
    await expect(verify()).rejects.toMatchObject({ code: 'STILL_RUNNING' });
    await file.fanOut.resume(file.messaging.sentContinuations.shift()!, PLENTY);
    await expect(verify()).rejects.toMatchObject({ code: 'STILL_RUNNING' });
  });
});
