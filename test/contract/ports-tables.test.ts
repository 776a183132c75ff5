import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimKeyOf } from '../../src/aws/dynamodb/task-items.ts';
import { DynamoJobs, DynamoLedger, DynamoTasks, DynamoTries } from '../../src/aws/index.ts';
import { failuresContract } from '../kit/failures.contract.ts';
import { jobListsContract } from '../kit/job-lists.contract.ts';
import { jobRecoveriesContract } from '../kit/job-recoveries.contract.ts';
import { jobRedrivesContract } from '../kit/job-redrives.contract.ts';
import { jobsContract } from '../kit/jobs.contract.ts';
import { ledgerContract } from '../kit/ledger.contract.ts';
import { tasksContract } from '../kit/tasks.contract.ts';
import { triesContract } from '../kit/tries.contract.ts';
import { Services } from './ports-services.ts';

let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

jobsContract('DynamoJobs', async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable()));
jobListsContract('DynamoJobs', async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable()));
jobRecoveriesContract('DynamoJobs', async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable()));
jobRedrivesContract('DynamoJobs', async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable()));
ledgerContract('DynamoLedger', async () => new DynamoLedger(services.dynamo, await services.createTaskFilesTable()));
failuresContract('DynamoLedger', async () => new DynamoLedger(services.dynamo, await services.createTaskFilesTable()));
triesContract('DynamoTries', async () => new DynamoTries(services.dynamo, await services.createTaskFilesTable()));
tasksContract('DynamoTasks', async () => new DynamoTasks(services.dynamo, await services.createTasksTable()));

describe('a claim in the Tasks table', () => {
  const aClaim = { digest: 'digest', id: randomUUID(), createdAt: '2026-01-31T08:00:00.000Z', isDone: false };
  const seconds = (): number => Math.floor(Date.now() / 1_000);

  it.each([
    ['an expired one that DynamoDB has not removed yet gives way', -10, false],
    ['one that has not expired stands', 10, true],
  ])('%s', async (_, secondsLeft, stands) => {
    const table = await services.createTasksTable();
    const tasks = new DynamoTasks(services.dynamo, table);
    const earlier = { ...aClaim, id: randomUUID(), isDone: true };
    const item = { ...claimKeyOf('default', 'key'), ...earlier, expiresAt: seconds() + secondsLeft };
    await services.dynamo.send(new PutCommand({ TableName: table, Item: item }));
    expect(await tasks.claim('default', 'key', aClaim)).toEqual(stands ? earlier : aClaim);
  });
});
