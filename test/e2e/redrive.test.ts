import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { batchMessages } from './support/batch-messages.ts';
import { sqsEvent } from './support/messages.ts';
import { Postman } from './support/postman.ts';
import { startService, type Service } from './support/service.ts';
import { leaveDeaths } from './support/tries.ts';

describe('a redrive', () => {
  let service: Service;
  afterEach(() => service.stop());
  const read = (id: string) => service.client.getTaskFile({ params: { id } });
  const verify = (id: string) => service.client.verifyTaskFile({ params: { id } });
  const redrive = (id: string, codes?: string[]) =>
    service.client.redriveTaskFile({ params: { id }, ...(codes && { body: { codes } }) });

  describe('after an outage, while only the test delivers messages', () => {
    let postman: Postman;
    beforeEach(async () => {
      service = await startService({ eventSources: false, schedules: false });
      postman = new Postman(service);
    });

    const split = () => postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    const work = () => postman.deliver('CreateTaskQueue', 'create-task-subscriber');
    const complete = () => postman.deliver('TaskFileCompleteQueue', 'complete-task-file-subscriber');

    /** Resolves to a complete file of 60 rows. Three are bad, and each row of one batch killed its workers. */
    async function fileAfterDeaths(): Promise<string> {
      const content = csv(rows(60, (number) => (number % 20 === 0 ? { title: '' } : {})));
      const { id } = await service.client.uploadTasks({ body: content });
      await split();
      const [deadly, ...others] = await batchMessages(service);
      const items = Array.from({ length: 25 }, (_, item) => item);
      await leaveDeaths(service, id, 0, items);
      await service.invoke('create-task-dead-letter-subscriber', sqsEvent([deadly]));
      await service.invoke('create-task-subscriber', sqsEvent(others));
      await complete();
      return id;
    }

    it('imports the rows over which workers died, and leaves the bad rows', async () => {
      const id = await fileAfterDeaths();
      const taken = { status: 'COMPLETED', recordCount: 60, processedCount: 33, failedCount: 27 };
      expect(await read(id)).toMatchObject(taken);
      expect(await redrive(id, ['RETRIES_EXHAUSTED'])).toMatchObject({ ...taken, redrives: [{ status: 'NEW' }] });
      await split();
      await work();
      await complete();
      expect(await read(id)).toMatchObject({
        status: 'COMPLETED',
        recordCount: 60,
        processedCount: 57,
        failedCount: 3,
        redrives: [
          { number: 1, codes: ['RETRIES_EXHAUSTED'], status: 'COMPLETED', recordCount: 24, processedCount: 24 },
        ],
      });
      expect(await service.tasksOf(id)).toHaveLength(57);
      expect((await service.failuresOf(id)).map(({ row, code }) => [row, code])).toEqual([
        [21, 'REQUIRED'],
        [41, 'REQUIRED'],
        [61, 'REQUIRED'],
      ]);
      expect(await verify(id)).toMatchObject({ stored: 57, failed: 3, differing: 0 });
    });

    it('is exact even if every message is delivered again, those of the first pass last', async () => {
      const id = await fileAfterDeaths();
      await redrive(id);
      await split();
      await work();
      await complete();
      const before = await read(id);
      await postman.deliverAllAgain(3);
      await complete();
      expect(await read(id)).toEqual(before);
      expect(await service.tasksOf(id)).toHaveLength(57);
      expect(await verify(id)).toMatchObject({ stored: 57, failed: 3, differing: 0 });
    });

    it('of a damaged file is refused, and the file stays unchanged', async () => {
      const { id } = await service.client.uploadTasks({ body: `${csv(rows(51))}"never closed` });
      await split();
      await work();
      const failed = await read(id);
      expect(failed).toMatchObject({ status: 'FAILED', processedCount: 50, failure: { code: 'UNCLOSED_QUOTE' } });
      const refused = await service.request(`/task-files/${id}/redrive`, { method: 'POST' });
      expect(refused.status).toBe(409);
      const detail = expect.stringContaining('fails again with UNCLOSED_QUOTE');
      expect(await refused.json()).toMatchObject({ code: 'NOT_REDRIVABLE', detail });
      expect(await read(id)).toEqual(failed);
    });

    it('is refused with a reason if no row of the file was read', async () => {
      const { id } = await service.client.uploadTasks({ body: 'name\nAda' });
      await split();
      const refused = await service.request(`/task-files/${id}/redrive`, { method: 'POST' });
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({
        code: 'NOT_REDRIVABLE',
        detail: expect.stringContaining('no failed row'),
      });
      const wrong = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"codes":["x y"]}' };
      expect((await service.request(`/task-files/${id}/redrive`, wrong)).status).toBe(400);
    });
  });

  it('runs from the request to its end without help', async () => {
    service = await startService();
    const content = csv(rows(500, (number) => (number % 4 === 0 ? { title: '' } : {})));
    const { id } = await service.process(content);
    const response = await service.request(`/task-files/${id}/redrive`, { method: 'POST' });
    expect(response.status).toBe(202);
    const redriven = await service.redriven(id);
    expect(redriven).toMatchObject({
      processedCount: 375,
      failedCount: 125,
      redrives: [{ number: 1, status: 'COMPLETED', recordCount: 125, processedCount: 0, failedCount: 125 }],
    });
    expect(await verify(id)).toMatchObject({ stored: 375, failed: 125, differing: 0 });
  });
});
