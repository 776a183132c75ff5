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
  uploadsBucket: 'UploadsBucket.Arn',
  uploadedObjects: 'UploadsBucket.Arn/uploads/*',
  taskUploadQueue: 'TaskUploadQueue.Arn',
  createTaskQueue: 'CreateTaskQueue.Arn',
  taskTopic: 'TaskTopic',
};

const CONSUMES: Readonly<Partial<Record<FunctionName, string>>> = {
  'upload-task-subscriber': 'TaskUploadQueue.Arn',
  'create-task-subscriber': 'CreateTaskQueue.Arn',
  'complete-task-file-subscriber': 'TaskFileCompleteQueue.Arn',
};

/** What the access table says, and what every function has besides. */
function promised(name: FunctionName, logicalId: string): string[] {
  const queue = CONSUMES[name];
  const byTable = RESOURCES.flatMap((resource) =>
    (access[name].actions[resource] ?? []).map((action) => `${action} on ${SPELLED[resource]}`),
  );
  return [
    ...byTable,
    `logs:CreateLogStream on ${logicalId}LogGroup.Arn`,
    `logs:PutLogEvents on ${logicalId}LogGroup.Arn`,
    'xray:PutTelemetryRecords on *',
    'xray:PutTraceSegments on *',
    ...(queue
      ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((verb) => `sqs:${verb} on ${queue}`)
      : []),
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
    expect(rights(statements).toSorted()).toEqual(promised(name, logicalId));
  });

  it('are one per function, taken on by Lambda alone', () => {
    const roles = ofType(resources, 'AWS::IAM::Role');

    expect([...roles.keys()].toSorted()).toEqual(functions.map(({ role }) => role).toSorted());
    expect(roles.size).toBe(FUNCTION_NAMES.length);
    for (const { Properties } of roles.values()) {
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
    }
  });

  it('hold no AWS managed policy', () => {
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
