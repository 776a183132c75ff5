import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkTemplate, DataFolderMismatch } from '../../local/data-folder/kept-template.ts';
import { deploy } from '../../local/deploy/deploy.ts';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { assemblyFolder, TEMPLATE, templateWith } from './deploy-template.ts';

const QUEUE = 'AWS::SQS::Queue';

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const schedule = (ScheduleExpression: string, target: object = {}) => ({
  Odd: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression, Target: { Arn: arnOf('Worker'), RoleArn: arnOf('Role'), ...target } },
  },
});

/** Replaces the policy that lets the function receive messages from the queue. */
const workPolicy = (statement: object) => ({
  WorkPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [statement] }, Roles: [{ Ref: 'Role' }] },
  },
});
const ALLOWS_NOTHING = { Version: '2012-10-17', Statement: [] };
const polling = {
  Effect: 'Allow',
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  Resource: arnOf('Work'),
};

describe('deploy refuses, by name,', () => {
  let assembly: string;
  let emulators: Emulators;

  beforeAll(async () => {
    assembly = await assemblyFolder();
    emulators = await startEmulators();
  });

  afterAll(async () => {
    await emulators.stop();
    await rm(assembly, { recursive: true, force: true });
  });

  it.each([
    ['a type that is not supported', { Key: { Type: 'AWS::KMS::Key' } }, 'does not support AWS::KMS::Key (Key)'],
    [
      'a property that is not listed',
      { Odd: { Type: QUEUE, Properties: { Colour: 'red' } } },
      'does not support the property Colour of Odd (AWS::SQS::Queue)',
    ],
    [
      'an intrinsic function that is not supported',
      { Odd: { Type: QUEUE, Properties: { QueueName: { 'Fn::ImportValue': 'x' } } } },
      'does not support Fn::ImportValue',
    ],
    [
      'a reference to nothing',
      { Odd: { Type: QUEUE, Properties: { QueueName: { Ref: 'Missing' } } } },
      'refers to Missing, which is neither a resource nor a parameter',
    ],
    [
      'an attribute that the resource does not have',
      { Odd: { Type: QUEUE, Properties: { QueueName: { 'Fn::GetAtt': ['Topic', 'Colour'] } } } },
      'Topic has no attribute Colour in the local cloud. It has TopicArn, TopicName',
    ],
    [
      'a reference to a resource without effect here',
      { Odd: { Type: QUEUE, Properties: { QueueName: { Ref: 'Alarm' } } } },
      'Odd refers to Alarm, but the local cloud creates no AWS::CloudWatch::Alarm: there are no metrics to watch here',
    ],
    [
      'a circular reference',
      {
        Left: { Type: QUEUE, Properties: { QueueName: { Ref: 'Right' } } },
        Right: { Type: QUEUE, Properties: { QueueName: { Ref: 'Left' } } },
      },
      'has a circular reference: Left → Right → Left',
    ],
    [
      'an asset that is not in the assembly',
      { Odd: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'gone.zip' }, Runtime: 'nodejs24.x' } } },
      'No asset gone.zip',
    ],
    [
      'another runtime',
      { Odd: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'code.zip' }, Runtime: 'python3.13' } } },
      'has the runtime python3.13',
    ],
    [
      'a subscription that is neither to a queue nor by e-mail',
      { Odd: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'https' } } },
      'Odd subscribes by https',
    ],
    ['a cron schedule', schedule('cron(0 12 * * ? *)'), 'Odd runs at cron(0 12 * * ? *)'],
    [
      'a schedule by days',
      schedule('rate(1 day)'),
      'Odd runs at rate(1 day). A local schedule supports rates in minutes',
    ],
    ['a schedule with a rate of zero', schedule('rate(0 minutes)'), 'Odd runs at rate(0 minutes)'],
    [
      'a schedule that does not call a function',
      schedule('rate(1 minute)', { Arn: arnOf('Work') }),
      'Odd calls arn:aws:sqs:us-east-1:000000000000:Work, which is not a function',
    ],
    ['a schedule with an input', schedule('rate(1 minute)', { Input: '{}' }), 'Odd has the target property Input'],
    [
      'a schedule whose role may not call its function',
      schedule('rate(1 minute)', { RoleArn: arnOf('Idle') }),
      'Odd needs lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:Worker, which its role Idle',
    ],
    [
      'a schedule whose role is not in the template',
      schedule('rate(1 minute)', { RoleArn: 'arn:aws:iam::000000000000:role/Other' }),
      'Odd has the role arn:aws:iam::000000000000:role/Other, which is not in the template. The template has arn:aws:iam::',
    ],
    [
      'a mapping whose function may not delete messages',
      workPolicy({ ...polling, Action: ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'] }),
      'Mapping needs sqs:DeleteMessage on arn:aws:sqs:us-east-1:000000000000:Work, which its role Role does not allow',
    ],
    [
      'a mapping whose function may receive from another queue only',
      workPolicy({ ...polling, Resource: arnOf('DeadLetters') }),
      'Mapping needs sqs:ReceiveMessage on arn:aws:sqs:us-east-1:000000000000:Work',
    ],
    [
      'a policy with a condition',
      workPolicy({ ...polling, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      'The policy WorkPolicy has elements that the local cloud does not evaluate: Statement.0: Unrecognized key: "Condition"',
    ],
    [
      'a policy that excepts actions',
      workPolicy({ Effect: 'Allow', NotAction: 'sqs:SendMessage', Resource: '*' }),
      'Unrecognized key: "NotAction"',
    ],
    [
      'a policy that excepts resources',
      workPolicy({ Effect: 'Allow', Action: 'sqs:*', NotResource: arnOf('Work') }),
      'Unrecognized key: "NotResource"',
    ],
    [
      'a policy with variables',
      workPolicy({ ...polling, Resource: 'arn:aws:sqs:us-east-1:000000000000:${aws:username}' }),
      'Statement.0.Resource: policy variables are not evaluated here',
    ],
    [
      'a policy of a role that is not in the template',
      { Odd: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: ALLOWS_NOTHING, Roles: ['other'] } } },
      'Odd is a policy of the role other, which is not in the template',
    ],
    [
      'a role with policies of its own',
      { Idle: { Type: 'AWS::IAM::Role', Properties: { Policies: [] } } },
      'does not support the property Policies of Idle (AWS::IAM::Role)',
    ],
  ])('%s', async (_what, resources, message) => {
    const Idle = { Type: 'AWS::IAM::Role' };
    const deploying = deploy({ template: templateWith({ Idle, ...resources }), assemblyFolder: assembly, emulators });
    await expect(deploying).rejects.toThrow(message);
  });

  it('a section that the local cloud does not read', async () => {
    const template = { ...TEMPLATE, Transform: 'AWS::Serverless' };
    await expect(deploy({ template, assemblyFolder: assembly, emulators })).rejects.toThrow('a section Transform');
  });
});

describe('the data folder', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'deploy-folder-')), 'new');
    await checkTemplate(dataDir, TEMPLATE);
  });

  afterAll(() => rm(join(dataDir, '..'), { recursive: true, force: true }));

  it('accepts the same template, other behaviour and more resources', async () => {
    const { Work, Worker } = TEMPLATE.Resources;
    const slower = { ...Work, Properties: { ...Work.Properties, VisibilityTimeout: 90 } };
    const Properties = { ...Worker.Properties, Code: { S3Key: 'other.zip' } };
    const changed = templateWith({ Work: slower, Worker: { ...Worker, Properties }, More: { Type: QUEUE } });
    await checkTemplate(dataDir, changed);
    await checkTemplate(dataDir, changed);
  });

  it.each([
    ['another key of a table', { Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } }, 'Table differs'],
    ['a bucket missing', { Files: { Type: 'AWS::IAM::Role' } }, 'Files is missing'],
  ])('refuses a template with %s, in a sentence', async (_what, resources, message) => {
    const checking = checkTemplate(dataDir, templateWith(resources));
    await expect(checking).rejects.toThrow(DataFolderMismatch);
    await expect(checking).rejects.toThrow(message);
  });

  it('refuses a folder whose record is damaged, in a sentence', async () => {
    await truncate(join(dataDir, 'template.json'), 40);
    await expect(checkTemplate(dataDir, TEMPLATE)).rejects.toThrow(
      /^The file .+template\.json, which records the template of the data folder, is damaged\. Restore .+ --fresh\.$/,
    );
  });
});
