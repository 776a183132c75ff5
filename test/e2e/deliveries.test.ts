import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { TopicListener } from './support/events.ts';
import { ALL_DONE, sqsEvent } from './support/messages.ts';
import { Postman } from './support/postman.ts';
import { seed } from './support/seed.ts';
import { startService, type Service } from './support/service.ts';

const rowsOf = (tasks: readonly Task[]) => tasks.map(({ row }) => row);
const consecutiveRows = (count: number) => Array.from({ length: count }, (_, n) => n + 2);

describe('with every message delivered twice', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ eventSources: { deliveries: 2 } });
  });
  afterAll(() => service.stop());

  it('counts and tasks are exact, and no task exists twice', async () => {
    const topic = await TopicListener.subscribe(service);
    const isBad = (number: number) => number % 100 === 0;
    const content = csv(rows(3_000, (number) => (isBad(number) ? { dueAt: 'soon' } : {})));
    const ended = await service.process(content);
    expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 3_000, processedCount: 2_970, failedCount: 30 });

    const tasks = await service.tasksOf(ended.id);
    expect(rowsOf(tasks)).toEqual(consecutiveRows(3_000).filter((row) => !isBad(row - 1)));
    const listed = await service.allTasks();
    expect(listed).toHaveLength(2_970);
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(tasks.map(({ id }) => id)));
    expect(await service.failuresOf(ended.id)).toHaveLength(30);

    const events = await topic.of(ended.id);
    for (const event of events) expect(event).toEqual(events[0]);
    topic.close();
  });

  it('an unreadable file fails once, and every copy of its event is the same', async () => {
    const topic = await TopicListener.subscribe(service);
    const ended = await service.process('name\nOne\n');
    expect(ended).toMatchObject({ status: 'FAILED', failure: { code: 'MISSING_COLUMN' } });
    const events = await topic.of(ended.id);
    for (const event of events) expect(event).toMatchObject({ event: 'taskfile_failed', eventId: ended.id });
    topic.close();
  });
});

it(`with every message delivered twice in an order drawn by seed ${seed}, counts and tasks are exact`, async () => {
  await using service = await startService({ eventSources: { deliveries: 2, shuffle: seed } });
  const isBad = (number: number) => number % 100 === 0;
  const content = csv(rows(6_000, (number) => (isBad(number) ? { dueAt: 'soon' } : {})));
  const ended = await service.process(content);
  expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 6_000, processedCount: 5_940, failedCount: 60 });
  const expected = consecutiveRows(6_000).filter((row) => !isBad(row - 1));
  expect(rowsOf(await service.tasksOf(ended.id))).toEqual(expected);
});

describe('with messages delivered again, late and in any order', () => {
  let service: Service;
  let postman: Postman;
  beforeAll(async () => {
    service = await startService({ eventSources: false });
    postman = new Postman(service);
    // The test event that S3 sends when the notification is set up.
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
  });
  afterAll(() => service.stop());

  const statusOf = async (id: string) => (await service.client.getTaskFile({ params: { id } })).status;

  it('edits and deletions between two deliveries last, and nothing is counted again', async () => {
    const content = csv(rows(60, (number) => (number === 30 ? { title: '' } : {})));
    const { id } = await service.client.uploadTasks({ query: { fileName: 'late.csv' }, body: content });
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    expect(await statusOf(id)).toBe('IN_PROGRESS');
    expect(await postman.deliver('CreateTaskQueue', 'create-task-subscriber')).toBe(3);
    expect(await statusOf(id)).toBe('IN_PROGRESS');
    const [first, second, third] = await service.tasksOf(id);
    const edited = await service.client.updateTask({
      params: { id: first?.id ?? '' },
      body: { title: 'Edited', isComplete: true },
    });
    await service.client.deleteTask({ params: { id: second?.id ?? '' } });

    // The job still runs while its rows are delivered again, as first and as repeated deliveries.
    for (const receiveCount of [1, 2]) await postman.deliverAllAgain(receiveCount);
    await postman.deliver('TaskFileCompleteQueue', 'complete-task-file-subscriber');
    const completed = await service.client.getTaskFile({ params: { id } });
    expect(completed).toMatchObject({ status: 'COMPLETED', recordCount: 60, processedCount: 59, failedCount: 1 });

    // The same after its end.
    for (const receiveCount of [1, 2, 10]) await postman.deliverAllAgain(receiveCount);
    expect(await service.client.getTaskFile({ params: { id } })).toEqual(completed);
    const after = await service.tasksOf(id);
    expect(after.slice(0, 2)).toEqual([edited, third]);
    expect(rowsOf(after)).toEqual(consecutiveRows(60).filter((row) => row !== 3 && row !== 31));
    expect(await service.allTasks()).toHaveLength(58);
  });

  it('a file is COMPLETED once, when the completer has handled the event of its completion', async () => {
    const { id } = await service.client.uploadTasks({ body: 'title\n' });
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({
      status: 'IN_PROGRESS',
      recordCount: 0,
      totalIsFinal: true,
      percent: 100,
    });
    expect(await postman.deliver('TaskFileCompleteQueue', 'complete-task-file-subscriber')).toBeGreaterThan(0);
    const completed = await service.client.getTaskFile({ params: { id } });
    expect(completed).toMatchObject({ status: 'COMPLETED', recordCount: 0 });
    await postman.deliverAllAgain(3);
    expect(await service.client.getTaskFile({ params: { id } })).toEqual(completed);
  });

  it('a message that is returned to the queue leaves its neighbours done', async () => {
    const { id } = await service.client.uploadTasks({ body: csv(rows(30)) });
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    const messages = (await service.aws.receive('CreateTaskQueue')).map(({ Body = '' }) => Body);
    const unknownJob = { ...(JSON.parse(messages[0] ?? '') as object), jobId: '018f0000-0000-7000-8000-000000000000' };
    const event = sqsEvent([...messages, '}', unknownJob, { schemaVersion: 2 }]);
    const bad = event.Records.slice(messages.length).map(({ messageId }) => messageId);
    const response = (await service.invoke('create-task-subscriber', event)) as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted()).toEqual(bad.toSorted());
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({ processedCount: 30, failedCount: 0 });
  });

  it('a continuation of a split or completed file changes nothing, and one of an unknown file is returned', async () => {
    const { id } = await service.client.uploadTasks({ body: csv(rows(30)) });
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    const toContinuation = (jobId: string) =>
      sqsEvent([{ schemaVersion: 1, continue: { kind: 'split', tenant: 'default', jobId, nextBatch: 0, attempt: 0 } }]);
    expect(await service.invoke('upload-task-subscriber', toContinuation(id))).toEqual(ALL_DONE);
    expect(await postman.deliver('CreateTaskQueue', 'create-task-subscriber')).toBe(2);
    await postman.deliver('TaskFileCompleteQueue', 'complete-task-file-subscriber');
    const completed = await service.client.getTaskFile({ params: { id } });
    expect(completed).toMatchObject({ status: 'COMPLETED', recordCount: 30, processedCount: 30 });
    expect(await service.invoke('upload-task-subscriber', toContinuation(id))).toEqual(ALL_DONE);
    expect(await service.client.getTaskFile({ params: { id } })).toEqual(completed);

    const unknown = toContinuation('018f0000-0000-7000-8000-000000000000');
    expect(await service.invoke('upload-task-subscriber', unknown)).toEqual({
      batchItemFailures: [{ itemIdentifier: unknown.Records[0]?.messageId }],
    });
  });

  it('a completion event that arrives too early is returned to the queue', async () => {
    const { id, createdAt } = await service.client.uploadTasks({ body: csv(rows(1)) });
    await postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    const forged = {
      schemaVersion: 1,
      event: 'taskfile_processing_complete',
      eventId: id,
      tenant: 'default',
      taskFileId: id,
      createdAt,
      recordCount: 1,
      processedCount: 1,
      failedCount: 0,
    };
    const event = sqsEvent([forged]);
    const [record] = event.Records;
    expect(await service.invoke('complete-task-file-subscriber', event)).toEqual({
      batchItemFailures: [{ itemIdentifier: record?.messageId }],
    });
    expect(await statusOf(id)).toBe('IN_PROGRESS');
  });
});
