import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentClient, DynamoJobs, DynamoLedger, DynamoTasks } from '../../src/aws/index.ts';
import { record } from '../../src/engine/process/record.ts';
import { createTask, deleteTask, getTask, updateTask } from '../../src/tasks/index.ts';
import { failuresContract } from '../kit/contracts/failures.contract.ts';
import { jobsContract } from '../kit/contracts/jobs.contract.ts';
import { between } from './ports-middleware.ts';
import { clock, Services } from './ports-services.ts';

let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

/**
 * Opens a client each of whose calls has its effect, is reported as failed and is repeated, as the SDK repeats it after
 * a broken connection or an error 500. The caller sees the response to the second call.
 */
function repeatingClient() {
  const client = documentClient();
  between(client, '*', async ({ input, carryOut }) => {
    await Promise.allSettled([carryOut(input)]);
    return carryOut(input);
  });
  return client;
}

jobsContract(
  'DynamoJobs with every call repeated',
  async () => new DynamoJobs(repeatingClient(), await services.createTaskFilesTable(), clock),
);

failuresContract(
  'DynamoLedger with every call repeated',
  async () => new DynamoLedger(repeatingClient(), await services.createTaskFilesTable(), clock),
);

describe('a ledger whose every write is repeated', () => {
  it('counts each batch once, even if the repetition of the write was refused', async () => {
    const ledger = new DynamoLedger(repeatingClient(), await services.createTaskFilesTable(), clock);
    const key = { tenant: 'default', runId: randomUUID(), segment: 0 };
    const outcomes = Array.from({ length: 20 }, (_, batch) => ({ batch, succeeded: 24, failed: 1, bytes: 100 }));
    await Promise.all(
      Array.from({ length: 40 }, (_, first) =>
        record(ledger, key, [outcomes[first % 20]!, outcomes[(first + 1) % 20]!, outcomes[(first + 5) % 20]!]),
      ),
    );
    const [segment] = await ledger.read([key]);
    expect(segment).toMatchObject({ succeeded: 480, failed: 20, bytes: 2_000 });
    expect(segment?.batches).toEqual(new Set(outcomes.map(({ batch }) => batch)));
  });
});

describe('tasks whose every write is repeated', () => {
  const clock = { now: () => Date.UTC(2026, 0, 31, 8) };
  const ids = { newId: () => randomUUID() };
  const at = new Date(clock.now()).toISOString();
  let tasks: DynamoTasks;
  let taskFiles: string;
  beforeAll(async () => {
    tasks = new DynamoTasks(repeatingClient(), await services.createTasksTable(), clock);
    taskFiles = await services.createTaskFilesTable();
  });
  const seen = () => {
    const ledger = new DynamoLedger(documentClient(), taskFiles, clock);
    return { tasks, jobs: new DynamoJobs(documentClient(), taskFiles, clock), ledger, failures: ledger };
  };

  const createRow = async (): Promise<string> => {
    const id = randomUUID();
    const content = { title: 'Row', isComplete: false };
    const item = { content, createdAt: at, updatedAt: at, version: 1, origin: { taskFileId: id, row: 2 } };
    await tasks.putRows('default', [{ id, item }]);
    return id;
  };
  const createPlain = async (): Promise<string> => {
    const { task } = await createTask(
      { tasks, clock, ids },
      'default',
      { title: 'Plain', isComplete: false },
      ids.newId(),
    );
    return task.id;
  };

  it.each([
    ['created by POST', createPlain],
    ['from a file', createRow],
  ])('are created, changed with If-Match and deleted as if each call had happened once: %s', async (_, create) => {
    const id = await create();
    const changed = await updateTask(
      { ...seen(), clock },
      'default',
      id,
      { title: 'New', isComplete: true },
      { ifVersions: [1] },
    );
    expect(changed).toMatchObject({ version: 2, task: { id, title: 'New' } });
    expect(await getTask(seen(), 'default', id)).toEqual(changed);
    await deleteTask(seen(), 'default', id, { ifVersions: [2] });
    await expect(getTask(seen(), 'default', id)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('are voided and restored', async () => {
    const id = await createRow();
    expect(await tasks.voidRows('default', [id], { run: 0, batch: 0 })).toEqual(new Set());
    await expect(getTask(seen(), 'default', id)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await tasks.restoreRows('default', [id], 0);
    expect(await getTask(seen(), 'default', id)).toMatchObject({ version: 1 });
  });

  it('make one claim, which belongs to the first request', async () => {
    const claim = { digest: 'digest', id: randomUUID(), createdAt: at, isDone: false };
    expect(await tasks.claim('default', 'key', claim)).toEqual(claim);
    await tasks.finishClaim('default', 'key');
    expect(await tasks.claim('default', 'key', claim)).toEqual({ ...claim, isDone: true });
  });
});
