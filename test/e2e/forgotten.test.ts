import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { Postman } from './support/postman.ts';
import { startService, type Service } from './support/service.ts';
import { Tables } from './support/tables.ts';
import { leaveDeaths } from './support/tries.ts';

const MINUTE_MS = 60_000;

/** What is lost or given up, with nobody delivering messages but the test. */
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

  it('dead letters of batches bring their rows in, and the file completes', async () => {
    const id = await upload();
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    expect(await postman.deliver('CreateTaskQueue', 'create-task-dead-letter-subscriber')).toBe(3);
    await complete();
    await expectExact(id);
    await postman.deliverAllAgain(3);
    await expectExact(id);
  });

  it('a dead letter of an upload is split, and the file completes', async () => {
    const id = await upload();
    await postman.deliver('TaskUploadQueue', 'upload-task-dead-letter-subscriber');
    await postman.deliver('CreateTaskQueue', 'create-task-subscriber');
    await complete();
    await expectExact(id);
  });

  it('a file that workers died over fails with a reason, and a redrive starts it', async () => {
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

  it('the sweep leaves alone what somebody has just been at', async () => {
    const id = await upload();
    await service.invoke('sweep', {});
    expect(await status(id)).toBe('NEW');
    expect((await service.aws.queueDepths())['fan-out-fan-in-dev-TaskUploadQueue']).toBeGreaterThan(0);
  });

  it('the sweep gives an object its task file whose event was lost, once', async () => {
    await service.aws.putObject('uploads/lost event.csv', content);
    await service.aws.drop('TaskUploadQueue');
    expect(await service.invoke('sweep', {})).toMatchObject({ adopted: 1 });
    expect(await service.invoke('sweep', {})).toMatchObject({ adopted: 0, resumed: 0 });
    // Its event would have come within a minute.
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
