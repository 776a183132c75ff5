import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FunctionName } from '../../src/contract/index.ts';
import type { TableFailure } from '../../local/gate/call/gate.ts';
import { csv, rows } from './support/csv.ts';
import { expectProblem } from './support/problems.ts';
import { logicalIdOf, startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const ROWS = 60;

/** The factor by which time is faster: one and three quarter hours of receives take three seconds. */
const TIMES = 2_000;

/** Patterns of requests to the Tasks table, and of those to items whose ids end with an even digit. */
const TASKS_TABLE = '"[^"]*TasksTable[^"]*"';
const EVEN_ITEMS = `${TASKS_TABLE}.*"sk":\\{"S":"[0-9a-f-]{35}[02468ace](?:#edit)?"\\}`;

const WRITES = ['BatchWriteItem', 'PutItem'];
const ALL = [...WRITES, 'BatchGetItem'];

describe('an outage of a table that lasts longer than the receives of a message', () => {
  const start = async (): Promise<Service> => {
    // The sweep is off, because it would send the missing batches again.
    const service = await startService({ schedules: false });
    await service.cloud.gate.hurryPostponed(TIMES);
    return service;
  };

  const postponed = async ({ cloud }: Service, name: FunctionName): Promise<number> => {
    const caller = logicalIdOf(cloud, name);
    const calls = (await cloud.gate.counts()).filter((one) => one.caller === caller);
    return calls
      .filter(({ operation }) => operation === 'ChangeMessageVisibilityBatch')
      .reduce((sum, { calls: count }) => sum + count, 0);
  };

  // The cases run at once, each with a service of its own, because they mostly wait.
  it.concurrent.each<[string, readonly string[], TableFailure]>([
    ['the role may not write', WRITES, { as: 'denied', requests: TASKS_TABLE }],
    ['the table is out', ALL, { as: 'outage', requests: TASKS_TABLE }],
    ['the table throttles every write', WRITES, { as: 'throttled', requests: TASKS_TABLE }],
    ['some keys are throttled', WRITES, { as: 'throttled', requests: EVEN_ITEMS }],
    ['some keys are denied', ALL, { as: 'denied', requests: EVEN_ITEMS }],
  ])('fails no row: %s', async (_, operations, failure) => {
    await using service = await start();
    const { cloud, client } = service;
    await cloud.gate.failTableOperations(operations, failure);
    const { id } = await client.uploadTasks({ body: csv(rows(ROWS)) });
    // By then its message has used up its receives.
    await until(
      'a dead letter to be tried and put off',
      () => postponed(service, 'create-task-dead-letter-subscriber'),
      (times) => times > 0,
    );
    expect(await client.getTaskFile({ params: { id } })).toMatchObject({ status: 'IN_PROGRESS', failedCount: 0 });
    await cloud.gate.failTableOperations([]);
    const numbers = { recordCount: ROWS, processedCount: ROWS, failedCount: 0 };
    expect(await service.ended(id)).toMatchObject({ status: 'COMPLETED', ...numbers });
    expect(await service.tasksOf(id)).toHaveLength(ROWS);
    expect(await client.verifyTaskFile({ params: { id } })).toMatchObject({ stored: ROWS, failed: 0, differing: 0 });
  });

  it('postpones the messages of every queue and of its dead-letter queue', async () => {
    await using service = await start();
    await service.cloud.gate.failTableOperations(['GetItem'], { as: 'denied' });
    const job = { tenant: 'default', jobId: '018f0000-0000-7000-8000-000000000000' };
    const batch = {
      schemaVersion: 1,
      ...job,
      runId: job.jobId,
      batch: 0,
      items: [0],
      bytes: 9,
      lines: [2],
      rows: [['One']],
    };
    const continuation = { schemaVersion: 1, continue: { kind: 'split', ...job, nextBatch: 0, attempt: 0 } };
    const { tenant, jobId } = job;
    const ended = {
      schemaVersion: 1,
      event: 'taskfile_processing_complete',
      eventId: jobId,
      tenant,
      taskFileId: jobId,
      runId: jobId,
      createdAt: '2026-11-27T08:00:00.000Z',
      recordCount: 1,
      processedCount: 1,
      failedCount: 0,
    };
    for (const [flow, body] of [
      ['TaskUpload', continuation],
      ['CreateTask', batch],
      ['TaskFileComplete', ended],
    ] as const)
      for (const queue of [`${flow}Queue`, `${flow}DeadLetterQueue`]) await service.aws.send(queue, body);
    for (const name of [
      'upload-task-subscriber',
      'upload-task-dead-letter-subscriber',
      'create-task-subscriber',
      'create-task-dead-letter-subscriber',
      'complete-task-file-subscriber',
    ] as const)
      await until(
        `${name} to put its message off`,
        () => postponed(service, name),
        (times) => times > 1,
      );
  });
});

describe('a request that a table cannot serve', () => {
  let service: Service;
  beforeEach(async () => {
    service = await startService({ eventSources: false, schedules: false });
  });
  afterEach(() => service.stop());

  it.each(['throttled', 'outage'] as const)('gets a response that says when to try again: %s', async (as) => {
    const { id } = await service.client.uploadTasks({ body: csv(rows(1)) });
    await service.cloud.gate.failTableOperations(['GetItem', 'Query'], { as });
    for (const path of [`/task-files/${id}`, `/task-files/${id}/tasks`, '/tasks']) {
      const response = await service.request(path);
      expect(response.headers.get('retry-after')).toBe('5');
      await expectProblem(response, 'UNAVAILABLE');
    }
    await service.cloud.gate.failTableOperations([]);
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({ id });
  });

  it('is an internal error if the table denies it', async () => {
    await service.cloud.gate.failTableOperations(['Query'], { as: 'denied' });
    const response = await service.request('/tasks');
    expect(response.headers.get('retry-after')).toBeNull();
    await expectProblem(response, 'INTERNAL');
  });
});
