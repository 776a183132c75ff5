import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyFile } from '../../cli/verify/receipt.ts';
import { csv, rows } from './support/csv.ts';
import { content, progressed } from './support/long-file.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

describe('many callers at once', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const read = (id: string) => service.client.getTaskFile({ params: { id } });
  const redrive = (id: string, codes?: readonly string[]) =>
    service.client.redriveTaskFile({ params: { id }, ...(codes && { body: { codes: [...codes] } }) });
  /** Returns the statuses of the refused requests. An error without a status fails the test. */
  const refusals = (responses: readonly PromiseSettledResult<unknown>[]): readonly unknown[] =>
    responses.filter((response) => response.status === 'rejected').map(({ reason }) => reason.status);

  it('can redrive a file for different codes: one run at a time, and one outcome for every row', async () => {
    const bad = (number: number) => ({
      ...(number % 10 === 0 && { title: '' }),
      ...(number % 10 === 5 && { dueAt: 'soon' }),
    });
    const { id } = await service.process(csv(rows(300, bad)));
    const codes = [...new Set((await service.failuresOf(id)).map(({ code }) => code))];
    expect(codes).toHaveLength(2);
    const wishes = [undefined, codes, ...codes.map((code) => [code])];
    const responses = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => redrive(id, wishes[at % 4])));
    expect(refusals(responses).filter((status) => status !== 409)).toEqual([]);
    const { redrives = [], ...file } = await service.redriven(id);
    expect(file).toMatchObject({ status: 'COMPLETED', recordCount: 300, processedCount: 240, failedCount: 60 });
    expect(redrives.map(({ number }) => number)).toEqual(redrives.map((_, at) => at + 1));
    expect(await verifyFile(service.client, id)).toMatchObject({ isExact: true, stored: 240, failed: 60 });
  });

  it('can cancel and redrive a running file: it is cancelled, and later requests are refused', async () => {
    const { id } = await service.client.uploadTasks({ body: content });
    await progressed(service, id, 250);
    const responses = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        at % 2 === 0 ? service.client.cancelTaskFile({ params: { id } }) : redrive(id),
      ),
    );
    expect(refusals(responses).filter((status) => status !== 409)).toEqual([]);
    expect(await read(id)).toMatchObject({ status: 'CANCELLED' });
  });

  it('can edit and delete tasks of a file while its rows are imported: edits and deletions last', async () => {
    const { id } = await service.client.uploadTasks({ body: csv(rows(2_000)) });
    const touched = new Set<string>();
    const edited: string[] = [];
    const deleted: string[] = [];
    await until(
      'five tasks to be edited and five deleted, and the end of the file',
      async () => {
        const { items } = await service.client.listTaskFileTasks({ params: { id }, query: { limit: 10 } });
        for (const task of items.filter((one) => !touched.has(one.id)).slice(0, 2)) {
          touched.add(task.id);
          if (edited.length <= deleted.length) {
            await service.client.updateTask({ params: { id: task.id }, body: { title: 'Edited' } });
            edited.push(task.id);
          } else {
            await service.client.deleteTask({ params: { id: task.id } });
            deleted.push(task.id);
          }
        }
        return (await read(id)).status;
      },
      (status) => status === 'COMPLETED' && edited.length >= 5 && deleted.length >= 5,
    );
    for (const task of edited) {
      expect(await service.client.getTask({ params: { id: task } })).toMatchObject({ title: 'Edited' });
    }
    for (const task of deleted) {
      await expect(service.client.getTask({ params: { id: task } })).rejects.toMatchObject({ status: 404 });
    }
    expect(await verifyFile(service.client, id)).toMatchObject({ isExact: true });
  });

  it('can replace an object ten times while it is split: each version that was read has a task file, exact or failed', async () => {
    const filesOf = async (name: string) =>
      (await service.client.listTaskFiles({ query: { limit: 100 } })).items.filter(({ fileName }) => fileName === name);
    const counts = Array.from({ length: 10 }, (_, version) => 300 + version);
    for (const count of counts) await service.aws.putObject('uploads/replaced.csv', csv(rows(count)));
    const files = await until(
      'the last version to be complete, and every other one to have ended',
      () => filesOf('replaced.csv'),
      (all) =>
        all.some(({ processedCount, status }) => status === 'COMPLETED' && processedCount === 309) &&
        all.every(({ status }) => status !== 'NEW' && status !== 'IN_PROGRESS'),
    );
    const completed = files.filter(({ status }) => status === 'COMPLETED');
    for (const { id, recordCount } of completed) {
      expect(counts).toContain(recordCount);
      expect(await verifyFile(service.client, id)).toMatchObject({ isExact: true, stored: recordCount });
    }
    expect(new Set(completed.map(({ recordCount }) => recordCount)).size).toBe(completed.length);
    const failed = files.filter(({ status }) => status === 'FAILED');
    expect(failed.map(({ failure }) => failure?.code)).toEqual(failed.map(() => 'SOURCE_CHANGED'));
  });
});
