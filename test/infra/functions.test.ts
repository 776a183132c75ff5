import { describe, expect, it } from '@jest/globals';
import { access } from '../../infra/access.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../src/contract/index.ts';
import { synthesize } from './synthesize.ts';
import { madeBefore, ofType, type Resource, spell } from './template.ts';

const { resources } = synthesize({
  ROWS_PER_MESSAGE: '7',
  TOLERATED_FAILURE_PERCENTAGE: '5',
  TOLERATED_FAILURE_COUNT: '0',
});
const functions = ofType(resources, 'AWS::Lambda::Function');

const named = (name: FunctionName, all: ReadonlyMap<string, Resource> = functions): Resource => {
  const found = [...all.values()].find(({ Properties }) => Properties.Description === name);
  if (!found) throw new Error(`the template has no function ${name}`);
  return found;
};

describe('functions', () => {
  it('are those of the contract, each once', () => {
    const names = [...functions.values()].map(({ Properties }) => Properties.Description as string);

    expect(names.toSorted()).toEqual(FUNCTION_NAMES.toSorted());
  });

  it('run on Node.js 24 on arm64, with tracing, each with its own code', () => {
    const assets = new Set<string>();
    for (const { Properties } of functions.values()) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      assets.add(Properties.Code.S3Key as string);
    }
    expect(assets.size).toBe(FUNCTION_NAMES.length);
  });

  it('log to a group of their own, with a retention', () => {
    const groups = ofType(resources, 'AWS::Logs::LogGroup');
    for (const [logicalId, { Properties }] of functions) {
      expect(spell(Properties.LoggingConfig.LogGroup)).toBe(`${logicalId}LogGroup`);
      expect(groups.get(`${logicalId}LogGroup`)?.Properties.RetentionInDays).toBeGreaterThan(0);
    }
  });

  it.each(FUNCTION_NAMES)('%s gets the environment of the access table, and nothing else', (name) => {
    const { environment, timeoutSeconds } = access[name];
    const { Properties } = named(name);

    expect(Object.keys(Properties.Environment?.Variables ?? {}).toSorted()).toEqual(environment.toSorted());
    expect(Properties.Timeout).toBe(timeoutSeconds);
  });

  it('get the values of this stack', () => {
    const { Variables } = named('upload-task-subscriber').Properties.Environment;

    expect(Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, spell(value as string)]))).toEqual({
      TASK_FILES_TABLE_NAME: 'TaskFilesTable',
      UPLOADS_BUCKET_NAME: 'UploadsBucket',
      TASK_UPLOAD_QUEUE_URL: 'TaskUploadQueue',
      CREATE_TASK_QUEUE_URL: 'CreateTaskQueue',
      TASK_TOPIC_ARN: 'TaskTopic',
      ROWS_PER_MESSAGE: '7',
      TOLERATED_FAILURE_PERCENTAGE: '5',
      TOLERATED_FAILURE_COUNT: '0',
    });
    expect(spell(named('create-task').Properties.Environment.Variables.TASKS_TABLE_NAME)).toBe('TasksTable');
  });

  it('get a tolerance only if the deployment sets one', () => {
    const tolerated = (name: FunctionName, all?: ReadonlyMap<string, Resource>) =>
      Object.entries(named(name, all).Properties.Environment.Variables).filter(([key]) => key.startsWith('TOLERATED'));
    const without = ofType(synthesize().resources, 'AWS::Lambda::Function');

    expect(tolerated('upload-tasks')).toEqual([
      ['TOLERATED_FAILURE_PERCENTAGE', '5'],
      ['TOLERATED_FAILURE_COUNT', '0'],
    ]);
    expect(tolerated('upload-tasks', without)).toEqual([]);
  });

  it('have no secret in their environment', () => {
    const names = [...functions.values()].flatMap(({ Properties }) =>
      Object.keys(Properties.Environment?.Variables ?? {}),
    );

    expect(names.filter((name) => /SECRET|PASSWORD|TOKEN|CREDENTIAL|API_?KEY/i.test(name))).toEqual([]);
  });

  it('are stopped by Lambda if they call themselves, except those that send continuations', () => {
    const allowed = [...functions.values()].filter(({ Properties }) => Properties.RecursiveLoop === 'Allow');

    expect(allowed.map(({ Properties }) => Properties.Description)).toEqual([
      'upload-task-subscriber',
      'upload-task-dead-letter-subscriber',
      'create-task-subscriber',
      'create-task-dead-letter-subscriber',
      'complete-task-file-subscriber',
    ]);
  });

  it('are created after their role has its rights', () => {
    for (const [logicalId, resource] of functions) {
      expect(madeBefore(resource)).toContain(`${logicalId}RoleDefaultPolicy`);
    }
  });
});

describe('the template', () => {
  it('has no custom resource', () => {
    const types = new Set(Object.values(resources).map(({ Type }) => Type));

    expect([...types].filter((type) => /^Custom::|^AWS::CloudFormation::/.test(type))).toEqual([]);
    expect([...types].filter((type) => !type.startsWith('AWS::'))).toEqual([]);
  });
});
