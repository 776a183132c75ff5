import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { Postman } from './support/postman.ts';
import { startService, type Service } from './support/service.ts';
import { Tables } from './support/tables.ts';
import { leaveDeaths } from './support/tries.ts';

const MINUTE_MS = 60_000;

/** Messages that are lost or given up. Only the test delivers messages. */
describe('with messages lost or given up', () => {
  let service: Service;
  let postman: Postman;
  beforeEach(async () => {
    service = await startService({ eventSources: false, schedules: false });
    postman = new Postman(service);
  });
  afterEach(() => service.stop());

  const content = csv(rows(60, (number) => (number % 20 === 0 ? { title: '' } : {})));
  const upload = async (): Promise<string> => (await service.client.uploadTasks({ body: content })).id;
  const status = async (id: string): Promise<string> => (await service.client.getTaskFile({ params: { id } })).status;
  const complete = () => postman.deliver('TaskFileCompleteQueue', 'complete-task-file-subscriber');
  const expectExact = async (id: string): Promise<void> => {
    const numbers = { recordCount: 60, processedCount: 57, failedCount: 3 };
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({ status: 'COMPLETED', ...numbers });
    expect(await service.tasksOf(id)).toHaveLength(57);
    expect(await service.client.verifyTaskFile({ params: { id } })).toMatchObject({
      stored: 57,
      failed: 3,
      differing: 0,
    });
  };

  it('the rows of dead letters are imported, and the file completes', async () => {
    const id = await upload();
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    expect(await postman.deliver('CreateTaskQueue', 'create-task-dead-letter-subscriber')).toBe(3);
    await complete();
    await expectExact(id);
    await postman.deliverAllAgain(3);
    await expectExact(id);
  });

  it('a file whose upload event became a dead letter is split, and completes', async () => {
    const id = await upload();
    await postman.deliver('TaskUploadQueue', 'upload-task-dead-letter-subscriber');
    await postman.deliver('CreateTaskQueue', 'create-task-subscriber');
    await complete();
    await expectExact(id);
  });

  it('a file over which workers died fails with a reason, and a redrive starts it again', async () => {
    const id = await upload();
    await leaveDeaths(service, id, 0, ['split0']);
    await postman.deliver('TaskUploadQueue', 'upload-task-dead-letter-subscriber');
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({
      status: 'FAILED',
      failure: { code: 'SPLIT_RETRIES_EXHAUSTED' },
    });
    expect(await service.client.redriveTaskFile({ params: { id } })).toMatchObject({ status: 'NEW' });
    await postman.deliver('TaskUploadQueue', 'upload-task-dead-letter-subscriber');
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    await postman.deliver('CreateTaskQueue', 'create-task-subscriber');
    await complete();
    await expectExact(id);
  });

  it('the sweep leaves a file alone that changed a moment ago', async () => {
    const id = await upload();
    await service.invoke('sweep', {});
    expect(await status(id)).toBe('NEW');
    expect((await service.aws.queueDepths())['fan-out-fan-in-dev-TaskUploadQueue']).toBeGreaterThan(0);
  });

  it('the sweep creates one task file for an object whose event was lost', async () => {
    await service.aws.putObject('uploads/lost event.csv', content);
    await service.aws.drop('TaskUploadQueue');
    expect(await service.invoke('sweep', {})).toMatchObject({ adopted: 1 });
    expect(await service.invoke('sweep', {})).toMatchObject({ adopted: 0, resumed: 0 });
    // Its event would have arrived within a minute.
    const [adopted] = (await service.client.listTaskFiles({ query: {} })).items;
    using tables = new Tables(service.cloud);
    await tables.age(adopted!.id, MINUTE_MS);
    expect(await service.invoke('sweep', {})).toMatchObject({ resumed: 1 });
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    await postman.deliver('CreateTaskQueue', 'create-task-subscriber');
    await complete();
    const [file] = (await service.client.listTaskFiles({ query: { status: 'COMPLETED' } })).items;
    expect(file).toMatchObject({ fileName: 'lost event.csv' });
    await expectExact(file?.id ?? '');
  });
});
