import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toClaimKey } from '../../src/aws/dynamodb/task-items.ts';
import { toJobItem, toJobKey } from '../../src/aws/dynamodb/job-item.ts';
import { parseFailures } from '../../src/aws/dynamodb/segment-item.ts';
import {
  DynamoContents,
  DynamoJobs,
  DynamoLedger,
  DynamoSweepPosition,
  DynamoTasks,
  DynamoTries,
} from '../../src/aws/index.ts';
import { UnreadableJobError } from '../../src/engine/index.ts';
import { failuresContract } from '../kit/contracts/failures.contract.ts';
import { jobListsContract } from '../kit/contracts/job-lists.contract.ts';
import { jobRecoveriesContract } from '../kit/contracts/job-recoveries.contract.ts';
import { jobRedrivesContract } from '../kit/contracts/job-redrives.contract.ts';
import { anAwkwardJob } from '../kit/jobs.ts';
import { jobsContract } from '../kit/contracts/jobs.contract.ts';
import { ledgerContract } from '../kit/contracts/ledger.contract.ts';
import { tasksContract } from '../kit/contracts/tasks.contract.ts';
import { contentsContract } from '../kit/contracts/contents.contract.ts';
import { triesContract } from '../kit/contracts/tries.contract.ts';
import { clock, Services } from './ports-services.ts';

let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

jobsContract('DynamoJobs', async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable(), clock));
jobListsContract(
  'DynamoJobs',
  async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable(), clock),
);
jobRecoveriesContract(
  'DynamoJobs',
  async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable(), clock),
);
jobRedrivesContract(
  'DynamoJobs',
  async () => new DynamoJobs(services.dynamo, await services.createTaskFilesTable(), clock),
);
ledgerContract(
  'DynamoLedger',
  async () => new DynamoLedger(services.dynamo, await services.createTaskFilesTable(), clock),
);
failuresContract(
  'DynamoLedger',
  async () => new DynamoLedger(services.dynamo, await services.createTaskFilesTable(), clock),
);
triesContract('DynamoTries', async () => new DynamoTries(services.dynamo, await services.createTaskFilesTable()));
contentsContract(
  'DynamoContents',
  async () => new DynamoContents(services.dynamo, await services.createTaskFilesTable()),
);
tasksContract('DynamoTasks', async () => new DynamoTasks(services.dynamo, await services.createTasksTable(), clock));

it('a compressed job that an earlier version stored is still read as compressed', async () => {
  const table = await services.createTaskFilesTable();
  const jobs = new DynamoJobs(services.dynamo, table, clock);
  const job = await jobs.create(anAwkwardJob());
  await services.dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: toJobKey(job),
      UpdateExpression: 'SET #format.gzip = :gzip',
      ExpressionAttributeNames: { '#format': 'format' },
      ExpressionAttributeValues: { ':gzip': { claimedBytes: 100 } },
    }),
  );
  expect(await jobs.read(job)).toEqual({ ...job, format: { ...job.format, compression: 'gzip' } });
});

/** Names of attributes that earlier versions stored. */
const EARLIER = { imported: 'broughtIn', presigned: 'promised' } as const;

it('attributes that an earlier version stored under other names are read', async () => {
  const table = await services.createTaskFilesTable();
  const job = anAwkwardJob();
  const presigned = { parts: { uploadId: 'upload', bytes: 5 } };
  const failures = { pk: 'segment', sk: 'failures', batch: 0, reference: 'r', failures: [], [EARLIER.imported]: [3] };
  await services.dynamo.send(
    new PutCommand({ TableName: table, Item: { ...toJobItem(job, clock.now()), [EARLIER.presigned]: presigned } }),
  );
  expect(await new DynamoJobs(services.dynamo, table, clock).read(job)).toEqual({ ...job, presigned });
  expect(parseFailures(failures)).toEqual({ batch: 0, reference: 'r', failures: [], imported: [3] });
});

describe('what a later version stored', () => {
  it('is reported by its key if it is a job, and does not prevent the reading of other jobs', async () => {
    const table = await services.createTaskFilesTable();
    const jobs = new DynamoJobs(services.dynamo, table, clock);
    const [readable, later] = [await jobs.create(anAwkwardJob()), await jobs.create(anAwkwardJob())];
    await services.dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: toJobKey(later),
        UpdateExpression: 'SET schemaVersion = :later',
        ExpressionAttributeValues: { ':later': 99 },
      }),
    );
    const found = await jobs.readMany([later, readable]);
    expect(found.jobs).toEqual([readable]);
    expect(found.unreadable).toMatchObject([{ tenant: later.tenant, jobId: later.jobId }]);
    await expect(jobs.read(later)).rejects.toThrow(UnreadableJobError);
  });

  it('is ignored if it is the position of the sweep: the listing begins again', async () => {
    const table = await services.createTaskFilesTable();
    const position = new DynamoSweepPosition(services.dynamo, table);
    const Item = { pk: 'sweep', sk: 'place', after: { key: 7 } };
    await services.dynamo.send(new PutCommand({ TableName: table, Item }));
    expect(await position.read()).toEqual({ tries: 0 });
    await position.write({ after: 'uploads/a.csv', tries: 2 });
    expect(await position.read()).toEqual({ after: 'uploads/a.csv', tries: 2 });
  });
});

describe('a claim in the Tasks table', () => {
  const aClaim = { digest: 'digest', id: randomUUID(), createdAt: '2026-01-31T08:00:00.000Z', isDone: false };
  const seconds = (): number => Math.floor(Date.now() / 1_000);

  it.each([
    ['is replaced if it has expired but DynamoDB has not removed it yet', -10, false],
    ['stays if it has not expired', 10, true],
  ])('%s', async (_, secondsLeft, stays) => {
    const table = await services.createTasksTable();
    const tasks = new DynamoTasks(services.dynamo, table, clock);
    const earlier = { ...aClaim, id: randomUUID(), isDone: true };
    const item = { ...toClaimKey('default', 'key'), ...earlier, expiresAt: seconds() + secondsLeft };
    await services.dynamo.send(new PutCommand({ TableName: table, Item: item }));
    expect(await tasks.claim('default', 'key', aClaim)).toEqual(stays ? earlier : aClaim);
  });
});
