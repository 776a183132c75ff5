import { describe, expect, it } from '@jest/globals';
import { access, type ResourceName, RESOURCES } from '../../infra/access.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../src/contract/index.ts';
import { synthesize } from './synthesize.ts';
import { ofType, type Resources, rights, spell, type Statement } from './template.ts';

const { resources } = synthesize();

const SPELLED: Readonly<Record<ResourceName, string>> = {
  tasksTable: 'TasksTable.Arn',
  taskFilesTable: 'TaskFilesTable.Arn',
  taskFilesByCreation: 'TaskFilesTable.Arn/index/byCreation',
  taskFilesByChange: 'TaskFilesTable.Arn/index/byChange',
  uploadsBucket: 'UploadsBucket.Arn',
  uploadedObjects: 'UploadsBucket.Arn/uploads/*',
  manifests: 'UploadsBucket.Arn/redrives/*',
  reports: 'UploadsBucket.Arn/reports/*',
  taskFileCompleteQueue: 'TaskFileCompleteQueue.Arn',
  taskUploadQueue: 'TaskUploadQueue.Arn',
  createTaskQueue: 'CreateTaskQueue.Arn',
  taskTopic: 'TaskTopic',
};

const CONSUMES: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  'upload-task-subscriber': ['TaskUploadQueue.Arn'],
  'upload-task-dead-letter-subscriber': ['TaskUploadDeadLetterQueue.Arn'],
  'create-task-subscriber': ['CreateTaskQueue.Arn'],
  'create-task-dead-letter-subscriber': ['CreateTaskDeadLetterQueue.Arn'],
  'complete-task-file-subscriber': ['TaskFileCompleteQueue.Arn', 'TaskFileCompleteDeadLetterQueue.Arn'],
};

/** The only role that belongs to no function. */
const SCHEDULE_ROLE = 'SweepScheduleRole';

/** Returns the rights of the access table, and those that every function has in addition. */
function granted(name: FunctionName, logicalId: string): string[] {
  const byTable = RESOURCES.flatMap((resource) =>
    (access[name].actions[resource] ?? []).map((action) => `${action} on ${SPELLED[resource]}`),
  );
  return [
    ...byTable,
    `logs:CreateLogStream on ${logicalId}LogGroup.Arn`,
    `logs:PutLogEvents on ${logicalId}LogGroup.Arn`,
    'xray:PutTelemetryRecords on *',
    'xray:PutTraceSegments on *',
    ...(CONSUMES[name] ?? []).flatMap((queue) =>
      ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'].map(
        (verb) => `sqs:${verb} on ${queue}`,
      ),
    ),
  ].toSorted();
}

const statementsOf = (all: Resources, role: string): Statement[] =>
  [...ofType(all, 'AWS::IAM::Policy').values()]
    .filter(({ Properties }) => Properties.Roles.map(spell).includes(role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);

const functions = [...ofType(resources, 'AWS::Lambda::Function')].map(
  ([logicalId, { Properties }]) =>
    ({
      name: Properties.Description as FunctionName,
      logicalId,
      role: spell(Properties.Role).split('.')[0] ?? '',
    }) as const,
);

describe('roles', () => {
  it.each(functions)('$name may do exactly what the access table says', ({ name, logicalId, role }) => {
    const statements = statementsOf(resources, role);

    expect(statements.filter(({ Effect }) => Effect !== 'Allow')).toEqual([]);
    expect(rights(statements).toSorted()).toEqual(granted(name, logicalId));
  });

  it('are one per function, and only Lambda can assume them', () => {
    const roles = ofType(resources, 'AWS::IAM::Role');

    expect([...roles.keys()].toSorted()).toEqual([...functions.map(({ role }) => role), SCHEDULE_ROLE].toSorted());
    expect(roles.size).toBe(FUNCTION_NAMES.length + 1);
    for (const { role } of functions) {
      expect(roles.get(role)?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
    }
  });

  it('of the schedule may only call the sweep, and only schedules of this account can assume it', () => {
    const role = ofType(resources, 'AWS::IAM::Role').get(SCHEDULE_ROLE);
    const [trust, ...others] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];

    expect(rights(statementsOf(resources, SCHEDULE_ROLE))).toEqual(['lambda:InvokeFunction on SweepFunction.Arn']);
    expect(others).toEqual([]);
    expect(trust).toMatchObject({ Action: 'sts:AssumeRole', Principal: { Service: 'scheduler.amazonaws.com' } });
    const { StringEquals, ...otherTests } = trust.Condition;
    expect(otherTests).toEqual({});
    expect(Object.entries(StringEquals).map(([key, value]) => [key, spell(value as string)])).toEqual([
      ['aws:SourceAccount', 'AWS::AccountId'],
      ['aws:SourceArn', 'arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule-group/default'],
    ]);
  });

  it('have no AWS managed policy', () => {
    for (const { Properties } of ofType(resources, 'AWS::IAM::Role').values()) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties).not.toHaveProperty('Policies');
    }
  });

  it('never scan a table, and never name an action by a wildcard', () => {
    const all = functions.flatMap(({ role }) => rights(statementsOf(resources, role)));

    expect(all.filter((right) => /Scan|DeleteTable|^(iam|kms):/.test(right))).toEqual([]);
    expect(all.filter((right) => right.split(' on ')[0]?.includes('*'))).toEqual([]);
  });
});
