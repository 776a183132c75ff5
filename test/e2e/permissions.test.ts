import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uploadFile } from '../../client/index.ts';
import { PART_MIN_BYTES } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { sqsEvent } from './support/messages.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Role?: { readonly 'Fn::GetAtt': readonly [string, string] };
    readonly Roles?: readonly { readonly Ref: string }[];
    readonly PolicyDocument?: { readonly Statement: readonly { readonly Action: string | readonly string[] }[] };
  };
}

/** The actions that a function's role allows, by the function's logical id, as the template says. */
async function allowedActions(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const file = join(import.meta.dirname, '../../cdk.out/fan-out-fan-in-dev.template.json');
  const { Resources } = JSON.parse(await readFile(file, 'utf8')) as { Resources: Record<string, Resource> };
  const resources = Object.entries(Resources);
  const policies = resources.map(([, resource]) => resource).filter(({ Type }) => Type === 'AWS::IAM::Policy');
  const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  return new Map(
    functions.map(([logicalId, { Properties }]) => {
      const role = Properties.Role?.['Fn::GetAtt'][0];
      const own = policies.filter(({ Properties: { Roles } }) => Roles?.some(({ Ref }) => Ref === role));
      const statements = own.flatMap((policy) => policy.Properties.PolicyDocument?.Statement ?? []);
      return [logicalId, new Set(statements.flatMap(({ Action }) => Action))];
    }),
  );
}

/** The action that allows an operation; a batch call of SQS needs the right to the single one. */
const actionOf = (service: string, operation: string): string =>
  OTHERWISE_NAMED[`${service}:${operation}`] ??
  `${service}:${service === 'sqs' ? operation.replace(/Batch$/, '') : operation}`;

const OTHERWISE_NAMED: Readonly<Record<string, string>> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:ListParts': 's3:ListMultipartUploadParts',
};

/** A batch of two rows that is recorded already, as a dead letter of it would come. */
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

describe('every call that a function makes, over all routes and with every message delivered twice', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ eventSources: { deliveries: 2 } });
  });
  afterAll(() => service.stop());

  it('is allowed by its role: nothing here enforces policies, AWS does', async () => {
    const { client, cloud } = service;
    const { id } = await service.process(csv(rows(300, (number) => (number % 7 === 0 ? { title: '' } : {}))));
    await service.tasksOf(id);
    await service.failuresOf(id);
    await client.listTaskFiles({ query: { status: 'COMPLETED' } });
    const task = await client.createTask({ body: { title: 'One' }, headers: { 'idempotency-key': 'k' } });
    await client.createTask({ body: { title: 'One' }, headers: { 'idempotency-key': 'k' } });
    await client.getTask({ params: { id: task.id } });
    await client.updateTask({ params: { id: task.id }, body: { title: 'Two' } });
    await client.deleteTask({ params: { id: task.id } });
    const [fromFile] = await service.allTasks();
    await client.deleteTask({ params: { id: fromFile?.id ?? '' } });

    await client.verifyTaskFile({ params: { id } });
    await until(
      'the fix file',
      () => service.request(`/task-files/${id}/failures`, { headers: { accept: 'text/csv' } }),
      ({ status }) => status === 200,
    );
    await client.getFixFile({ params: { id } });
    await client.redriveTaskFile({ params: { id } });
    await service.redriven(id);
    await service.failuresOf(id);
    await client.verifyTaskFile({ params: { id } });
    await service.ended((await uploadFile(client, new Blob([csv(rows(3))]), { fileName: 'small.csv' })).id);
    const large = new Blob([csv(rows(2)), ' '.repeat(PART_MIN_BYTES)]);
    const promised = await uploadFile(client, large, { fileName: 'large.csv' });
    const unfinished = { fileName: 'a.csv', contentLength: large.size };
    const { id: waiting } = await client.uploadTasks({
      body: JSON.stringify(unfinished),
      contentType: 'application/json',
    });
    await client.presignTaskFileParts({ params: { id: waiting }, body: { from: 1, count: 1 } });
    await client.completeTaskFileUpload({ params: { id: promised.id } });
    await service.ended(promised.id);
    const running = await client.uploadTasks({ body: csv(rows(20_000)) });
    await client.cancelTaskFile({ params: { id: running.id } });
    await service.invoke('create-task-dead-letter-subscriber', sqsEvent([firstBatchOf(id)]));
    const uploaded = { schemaVersion: 1, continue: { tenant: 'default', jobId: id, nextBatch: 0, attempt: 0 } };
    await service.invoke('upload-task-dead-letter-subscriber', sqsEvent([uploaded]));

    const allowed = await allowedActions();
    const calls = (await cloud.gate.counts()).filter(({ caller }) => allowed.has(caller));
    const refused = calls.filter(
      ({ caller, service: of, operation }) => !allowed.get(caller)?.has(actionOf(of, operation)),
    );
    expect(refused.map(({ caller, service: of, operation }) => `${caller}: ${of}:${operation}`)).toEqual([]);
    expect(new Set(calls.map(({ caller }) => caller)).size).toBe(allowed.size - 1);
  });
});
