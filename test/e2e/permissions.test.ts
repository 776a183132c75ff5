import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uploadFile } from '../../client/index.ts';
import type { UsedRight } from '../../local/iam/guard.ts';
import { PART_MIN_BYTES } from '../../src/contract/index.ts';
import { type HurriedAssembly, hurriedAssembly } from './support/assembly.ts';
import { batchMessages } from './support/batch-messages.ts';
import { csv, row, rows } from './support/csv.ts';
import { TopicListener } from './support/events.ts';
import { sqsEvent } from './support/messages.ts';
import { Postman } from './support/postman.ts';
import { expectProblem } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';
import { Tables } from './support/tables.ts';
import { until } from './support/until.ts';

/**
 * The time that a completer keeps in reserve. With a time limit of only this it hands a report over after each part.
 */
const COMPLETER_SECONDS = 10;

/** The factor by which time is faster: the minutes for which a message is postponed pass in milliseconds. */
const HURRIED_TIMES = 2_000;

const MINUTE_MS = 60_000;
const TWO_DAYS_MS = 2 * 24 * 60 * MINUTE_MS;

/** Rights to services that the local cloud does not emulate. */
const WITHOUT_STAND_IN = /^(?:logs|xray):/;

/** Lambda checks this right when a mapping is created, and so does the local deployment. No call needs it. */
const ASKED_OF_MAPPINGS = 'sqs:GetQueueAttributes';

/** The rights of all functions, with the calls that needed them, over all services that a test started. */
class Rights {
  readonly #calls = new Map<string, number>();

  async add({ cloud: { gate, stack } }: Service): Promise<void> {
    const ofMapping = ({ caller, action, resource }: UsedRight): boolean =>
      action === ASKED_OF_MAPPINGS &&
      stack.mappings.some(({ functionLogicalId, queueArn }) => functionLogicalId === caller && queueArn === resource);
    for (const right of await gate.rights()) {
      if (WITHOUT_STAND_IN.test(right.action) || ofMapping(right)) continue;
      const name = `${right.caller.replace(/[0-9A-F]{8}$/, '')}: ${right.action} on ${right.resource}`;
      this.#calls.set(name, (this.#calls.get(name) ?? 0) + right.calls);
    }
  }

  unused(): readonly string[] {
    return [...this.#calls].flatMap(([name, calls]) => (calls === 0 ? [name] : [])).toSorted();
  }
}

/**
 * Each test makes some of the calls. A service ends with an error if a call of a function was refused.
 */
describe('the functions have exactly the rights that they use', () => {
  const rights = new Rights();
  let assembly: HurriedAssembly;
  let service: Service;
  let tables: Tables;
  beforeAll(async () => {
    assembly = await hurriedAssembly({ CompleteTaskFileSubscriberFunction: COMPLETER_SECONDS });
  });
  let isRunning = false;
  afterEach(async () => {
    // The last test checks the rights that the others have used, and starts no service.
    if (!isRunning) return;
    isRunning = false;
    tables[Symbol.dispose]();
    await rights.add(service);
    await service.stop();
  });
  afterAll(async () => await assembly[Symbol.asyncDispose]());

  const start = async (options: Parameters<typeof startService>[0]): Promise<void> => {
    service = await startService({ assemblyFolder: assembly.folder, ...options });
    tables = new Tables(service.cloud);
    isRunning = true;
  };
  const presign = (contentLength: number) => {
    const body = JSON.stringify({ fileName: 'presigned.csv', contentLength });
    return service.client.uploadTasks({ body, contentType: 'application/json' });
  };
  const bad = (every: number) => (number: number) => (number % every === 0 ? { title: '' } : {});

  it('on all routes, with every message delivered twice', async () => {
    await start({ eventSources: { deliveries: 2 } });
    const { client, aws } = service;
    const topic = await TopicListener.subscribe(service);
    const { id } = await service.process(csv(rows(300, bad(7))));
    const [completion] = await topic.of(id);
    topic.close();
    await client.listTaskFiles({ query: { status: 'COMPLETED' } });

    const task = await client.createTask({ body: { title: 'One' }, headers: { 'idempotency-key': 'k' } });
    await client.createTask({ body: { title: 'One' }, headers: { 'idempotency-key': 'k' } });
    await client.getTask({ params: { id: task.id } });
    await client.updateTask({ params: { id: task.id }, body: { title: 'Two' } });
    await client.deleteTask({ params: { id: task.id } });

    // Rows that are stored and voided although the ledger says that they succeeded.
    const voided = (await service.tasksOf(id)).slice(0, 2).map((one) => one.id);
    for (const one of voided) await tables.voidTask(one, 0);
    await service.allTasks();
    await service.tasksOf(id);
    await client.getTask({ params: { id: voided[0]! } });
    await client.updateTask({ params: { id: voided[0]! }, body: { title: 'Two' } });
    await client.deleteTask({ params: { id: voided[1]! } });

    await client.verifyTaskFile({ params: { id } });
    await until(
      'the fix file',
      () => service.request(`/task-files/${id}/failures`, { headers: { accept: 'text/csv' } }),
      ({ status }) => status === 200,
    );
    await client.getFixFile({ params: { id } });
    await client.redriveTaskFile({ params: { id } });
    await service.redriven(id);
    await client.listTaskFiles({ query: {} });
    await service.failuresOf(id);
    await client.verifyTaskFile({ params: { id } });

    const continuation = {
      schemaVersion: 1,
      continue: { kind: 'split', tenant: 'default', jobId: id, nextBatch: 0, attempt: 0 },
    };
    await aws.send('TaskUploadDeadLetterQueue', continuation);
    await aws.send('CreateTaskDeadLetterQueue', firstBatchOf(id));
    await aws.send('TaskFileCompleteDeadLetterQueue', completion);
    await until(
      'the dead letters to be done with',
      () => aws.queueDepths(),
      (depths) => Object.entries(depths).every(([queue, depth]) => depth === 0 || queue.startsWith('E2e')),
    );
  });

  it('in every step of a presigned upload', async () => {
    await start({ schedules: false });
    const { client } = service;
    await service.ended((await uploadFile(client, new Blob([csv(rows(3))]), { fileName: 'small.csv' })).id);
    const large = new Blob([csv(rows(2)), ' '.repeat(PART_MIN_BYTES)]);
    const presigned = await uploadFile(client, large, { fileName: 'large.csv' });
    await client.completeTaskFileUpload({ params: { id: presigned.id } });
    await service.ended(presigned.id);
    const { id } = await presign(large.size);
    const { parts } = await client.presignTaskFileParts({ params: { id }, body: { from: 1, count: 1 } });
    const { url, contentLength } = parts[0]!;
    const put = await fetch(url, { method: 'PUT', body: new Uint8Array(contentLength) });
    expect(put.status).toBe(200);
    await service.aws.abortUpload(url);
    const complete = await service.request(`/task-files/${id}/upload-complete`, { method: 'POST' });
    expect(complete.status).toBe(409);
  });

  describe('while only the test delivers messages', () => {
    let postman: Postman;
    const startByHand = async (): Promise<void> => {
      await start({ eventSources: false, schedules: false });
      postman = new Postman(service);
    };
    const upload = async (content: string): Promise<string> => (await service.client.uploadTasks({ body: content })).id;
    const split = () => postman.deliver('TaskUploadQueue', 'upload-task-subscriber');
    const splitDeadLetters = () => postman.deliver('TaskUploadQueue', 'upload-task-dead-letter-subscriber');
    const work = () => postman.deliver('CreateTaskQueue', 'create-task-subscriber');
    const processDeadLetters = () => postman.deliver('CreateTaskQueue', 'create-task-dead-letter-subscriber');
    const complete = () => postman.deliver('TaskFileCompleteQueue', 'complete-task-file-subscriber');
    const read = (id: string) => service.client.getTaskFile({ params: { id } });

    it('for dead letters, and for files that are gone', async () => {
      await startByHand();
      const id = await upload(csv(rows(60, bad(20))));
      await split();
      expect(await processDeadLetters()).toBe(3);
      await complete();
      expect(await read(id)).toMatchObject({ status: 'COMPLETED', processedCount: 57 });

      await service.aws.putObject('uploads/given up.csv', csv(rows(3)));
      await splitDeadLetters();
      await service.client.redriveTaskFile({ params: { id } });
      const [{ Body: planning = '' } = {}] = await service.aws.receive('TaskUploadQueue');
      await service.invoke('upload-task-subscriber', sqsEvent([planning]));
      await splitDeadLetters();
      await service.aws.putObject('uploads/given up and gone.csv', csv(rows(3)));
      await service.aws.deleteObject('uploads/given up and gone.csv');
      await splitDeadLetters();
      const moved = await upload(csv(rows(3)));
      await split();
      const continuation = { kind: 'split', tenant: 'default', jobId: moved, nextBatch: 0, attempt: 0 };
      const body = { schemaVersion: 1, continue: continuation };
      await service.invoke('upload-task-dead-letter-subscriber', sqsEvent([body]));
      await split();

      await service.aws.putObject('uploads/gone.csv', csv(rows(3)));
      await service.aws.deleteObject('uploads/gone.csv');
      await split();
      const { items } = await service.client.listTaskFiles({ query: { status: 'FAILED' } });
      expect(items.map(({ fileName, failure }) => `${fileName}: ${failure?.code}`).toSorted()).toEqual([
        'given up and gone.csv: SOURCE_MISSING',
        'gone.csv: SOURCE_MISSING',
      ]);
    });

    it('for everything that the sweep finds', async () => {
      await startByHand();
      const sweep = () => service.invoke('sweep', {});
      await service.aws.putObject('uploads/lost event.csv', csv(rows(3)));
      await service.aws.drop('TaskUploadQueue');
      expect(await sweep()).toMatchObject({ adopted: 1, failed: 0 });

      const lost = await upload(csv(rows(3)));
      await service.aws.drop('TaskUploadQueue');
      await tables.age(lost, MINUTE_MS);
      expect(await sweep()).toMatchObject({ started: 1, failed: 0 });
      await tables.age(lost, MINUTE_MS);
      expect(await sweep()).toMatchObject({ resumed: 1, failed: 0 });
      // Its continuation is in the queue, so the sweep sends no other.
      await tables.age(lost, MINUTE_MS);
      expect(await sweep()).toMatchObject({ resumed: 0, failed: 0 });
      await split();
      await service.aws.drop('CreateTaskQueue');
      await tables.age(lost, MINUTE_MS);
      expect(await sweep()).toMatchObject({ resent: 1, failed: 0 });
      await split();
      await work();
      await service.aws.drop('TaskFileCompleteQueue');
      await tables.age(lost, MINUTE_MS);
      expect(await sweep()).toMatchObject({ settled: 1, failed: 0 });
      // Its event is in the queue, so the sweep does not announce the file again.
      await tables.age(lost, MINUTE_MS);
      expect(await sweep()).toMatchObject({ settled: 0, failed: 0 });
      await complete();
      expect(await read(lost)).toMatchObject({ status: 'COMPLETED', processedCount: 3 });

      const { id } = await presign(PART_MIN_BYTES);
      await tables.age(id, TWO_DAYS_MS);
      expect(await sweep()).toMatchObject({ expired: 1, failed: 0 });
      expect(await read(id)).toMatchObject({ status: 'FAILED', failure: { code: 'UPLOAD_EXPIRED' } });
    });

    it('for a redrive in parts, and for one of a cancelled file whose end was not announced', async () => {
      await startByHand();
      const id = await upload(csv(rows(60, bad(20))));
      await split();
      await work();
      await complete();
      await service.client.redriveTaskFile({ params: { id } });
      await split();
      await work();
      const [{ Body = '' } = {}] = await service.aws.receive('TaskFileCompleteQueue');
      await tables.cutRedrive(JSON.parse(Body).runId, 40);
      await service.invoke('complete-task-file-subscriber', sqsEvent([Body]));
      await split();
      expect(await read(id)).toMatchObject({ redrives: [{ status: 'COMPLETED' }, { status: 'IN_PROGRESS' }] });

      await service.aws.drop('CreateTaskQueue');
      const repeatable = { body: csv(rows(60, bad(20))), headers: { 'idempotency-key': 'k' } };
      const { id: cancelled } = await service.client.uploadTasks(repeatable);
      await split();
      const [first] = await batchMessages(service);
      await service.invoke('create-task-subscriber', sqsEvent([first]));
      await service.client.uploadTasks(repeatable);
      await service.client.cancelTaskFile({ params: { id: cancelled } });
      await tables.forgetAnnouncement(cancelled);
      const pending = await service.request(`/task-files/${cancelled}/fix-file`);
      expect(pending.headers.get('retry-after')).toBe('1');
      await expectProblem(pending, 'REPORT_PENDING');
      await service.client.redriveTaskFile({ params: { id: cancelled } });
    });

    it('for a fix file in parts', async () => {
      await startByHand();
      const detail = 'x'.repeat(9 * 1_024);
      const content = csv(Array.from({ length: 1_100 }, (_, n) => row(n + 1, { isComplete: 'perhaps', detail })));
      await service.aws.putObject('uploads/large.csv', content);
      await split();
      await work();
      // The completer hands the report over by a message that follows the event.
      expect(await complete()).toBeGreaterThan(1);
      const { items } = await service.client.listTaskFiles({ query: { status: 'COMPLETED' } });
      const fixFile = await service.request(`/task-files/${items[0]?.id}/failures`, {
        headers: { accept: 'text/csv' },
      });
      expect(fixFile.status).toBe(200);
      await service.aws.deleteObject(`reports/default/${items[0]?.id}/${items[0]?.id}/fix-file.csv`);
      for (const path of ['failures', 'fix-file']) {
        const response = await service.request(`/task-files/${items[0]?.id}/${path}`, {
          headers: { accept: 'text/csv' },
        });
        await expectProblem(response, 'REPORT_EXPIRED');
      }
    });

    it('for a presigned upload that is completed twice', async () => {
      await startByHand();
      const large = new Blob([csv(rows(2)), ' '.repeat(PART_MIN_BYTES)]);
      const { id } = await uploadFile(service.client, large, { fileName: 'large.csv' });
      await split();
      await service.client.completeTaskFileUpload({ params: { id } });
      // The last record of the file is longer than a record may be.
      expect(await read(id)).toMatchObject({ status: 'FAILED' });
    });
  });

  it('while a table throttles: the messages of every queue and dead-letter queue are postponed', async () => {
    await start({ schedules: false });
    const { aws, cloud } = service;
    await cloud.gate.hurryPostponed(HURRIED_TIMES);
    await cloud.gate.failTableOperations(['GetItem'], { as: 'throttled' });
    const job = { tenant: 'default', jobId: '018f0000-0000-7000-8000-000000000000' };
    const continuation = { schemaVersion: 1, continue: { kind: 'split', ...job, nextBatch: 0, attempt: 0 } };
    const ended = {
      schemaVersion: 1,
      event: 'taskfile_processing_complete',
      eventId: job.jobId,
      tenant: job.tenant,
      taskFileId: job.jobId,
      runId: job.jobId,
      createdAt: '2026-11-27T08:00:00.000Z',
      recordCount: 1,
      processedCount: 1,
      failedCount: 0,
    };
    const bodies = { TaskUpload: continuation, CreateTask: firstBatchOf(job.jobId), TaskFileComplete: ended };
    for (const [flow, body] of Object.entries(bodies)) {
      for (const queue of [`${flow}Queue`, `${flow}DeadLetterQueue`]) await aws.send(queue, body);
    }
    await until(
      'every message to be put off',
      async () => (await cloud.gate.rights()).filter(({ action }) => action === 'sqs:ChangeMessageVisibility'),
      (granted) => granted.every(({ calls }) => calls > 0),
    );
    await cloud.gate.failTableOperations([]);
  });

  it('and have no right that none of these calls needed', () => {
    expect(rights.unused()).toEqual([]);
  });
});

/** The body of a dead letter: a batch of two rows that is already recorded. */
const firstBatchOf = (jobId: string) => ({
  schemaVersion: 1,
  tenant: 'default',
  jobId,
  runId: jobId,
  batch: 0,
  items: [0, 1],
  bytes: 100,
  lines: [2, 3],
  rows: [['One'], ['']],
});
