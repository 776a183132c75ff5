import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { TopicListener } from './support/events.ts';
import { content, progressed, ROWS } from './support/long-file.ts';
import { startService, type Service } from './support/service.ts';

describe('cancelling a task file', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const cancel = (id: string) => service.client.cancelTaskFile({ params: { id } });

  it('stops it at once, keeps its tasks, and announces its end once', async () => {
    const topic = await TopicListener.subscribe(service);
    // Starts the function, so that it is not cold while the file is processed.
    await expect(cancel('01a21894-bf90-7576-8739-a7f44072cdc3')).rejects.toMatchObject({ status: 404 });
    const { id } = await service.client.uploadTasks({ body: content });
    await progressed(service, id, 250);
    const cancelled = await cancel(id);
    expect(cancelled.status).toBe('CANCELLED');
    expect(cancelled.processedCount + cancelled.failedCount).toBeLessThan(ROWS);
    expect((await cancel(id)).status).toBe('CANCELLED');
    for (const event of await topic.of(id)) expect(event).toMatchObject({ event: 'taskfile_cancelled', eventId: id });
    topic.close();

    const { status, processedCount, recordCount } = await service.client.getTaskFile({ params: { id } });
    expect(status).toBe('CANCELLED');
    expect(processedCount).toBeGreaterThan(0);
    expect(processedCount).toBeLessThanOrEqual(recordCount);
  });

  it('is refused with a reason if the file has ended', async () => {
    const { id } = await service.process(csv(rows(3)));
    await expect(cancel(id)).rejects.toMatchObject({
      code: 'NOT_CANCELLABLE',
      status: 409,
      message: expect.stringContaining('COMPLETED'),
    });
  });

  it('is refused if the file does not exist', async () => {
    await expect(cancel('01948f3c-2c00-7000-8000-00000000dead')).rejects.toMatchObject({ code: 'TASK_FILE_NOT_FOUND' });
  });
});

describe('a task file that tolerates few failures', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const upload = async (query: Record<string, number>, badRows: number, of: number) => {
    const body = csv(rows(of, (number) => (number <= badRows ? { dueAt: 'soon' } : {})));
    const { id } = await service.client.uploadTasks({ query, body });
    return service.ended(id);
  };

  it.each([
    [{ toleratedFailureCount: 3 }, 3, 'COMPLETED'],
    [{ toleratedFailureCount: 3 }, 4, 'FAILED'],
    [{ toleratedFailurePercentage: 10 }, 10, 'COMPLETED'],
    [{ toleratedFailurePercentage: 10 }, 11, 'FAILED'],
  ])('with %j and %d bad rows of 100 ends %s', async (query, badRows, status) => {
    const ended = await upload(query, badRows, 100);
    expect(ended.status).toBe(status);
    if (status === 'FAILED') {
      expect(ended.failure).toMatchObject({
        code: 'TOO_MANY_FAILURES',
        message: expect.stringContaining(`${badRows} of 100`),
      });
    }
  });

  it('is announced by one event of its failure, and by none of its completion', async () => {
    const topic = await TopicListener.subscribe(service);
    const { id } = await upload({ toleratedFailureCount: 0 }, 1, 5);
    const events = await topic.of(id);
    for (const event of events)
      expect(event).toMatchObject({ event: 'taskfile_failed', failure: { code: 'TOO_MANY_FAILURES' } });
    topic.close();
  });
});
