import { describe, expect, it } from '@jest/globals';
import { synthesize } from './synthesize.ts';
import { ofType, type Resource, resourcePolicyStatements, spell, type Statement } from './template.ts';

const { resources, stackName } = synthesize();
const queues = ofType(resources, 'AWS::SQS::Queue');
const policies = ofType(resources, 'AWS::SQS::QueuePolicy');
const mappings = [...ofType(resources, 'AWS::Lambda::EventSourceMapping').values()];
const functions = ofType(resources, 'AWS::Lambda::Function');

const DAY_SECONDS = 24 * 60 * 60;
const FLOWS = ['TaskUpload', 'CreateTask', 'TaskFileComplete'];

const get = (from: ReadonlyMap<string, Resource>, logicalId: string): Resource => {
  const found = from.get(logicalId);
  if (!found) throw new Error(`the template has no ${logicalId}, only ${[...from.keys()].join()}`);
  return found;
};

const statementsOf = (queue: string): Statement[] =>
  get(policies, `${queue}Policy`).Properties.PolicyDocument.Statement;

const mappingOf = (queue: string): Resource => {
  const found = mappings.find(({ Properties }) => spell(Properties.EventSourceArn) === `${queue}.Arn`);
  if (!found) throw new Error(`no function takes the messages of ${queue}`);
  return found;
};

describe('queues', () => {
  it('are three, each with a dead-letter queue, and the parked queue', () => {
    expect([...queues.keys()].toSorted()).toEqual(
      ['ParkedQueue', ...FLOWS.flatMap((flow) => [`${flow}DeadLetterQueue`, `${flow}Queue`])].toSorted(),
    );
  });

  it.each([...queues.keys()])('%s is encrypted explicitly', (queue) => {
    expect(get(queues, queue).Properties.SqsManagedSseEnabled).toBe(true);
  });

  it.each([...queues.keys()])('%s refuses calls without TLS', (queue) => {
    expect(statementsOf(queue)).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it.each(FLOWS)('%s delivers a message ten times, then keeps it as a dead letter for longer', (flow) => {
    const { Properties: source } = get(queues, `${flow}Queue`);
    const { Properties: deadLetters } = get(queues, `${flow}DeadLetterQueue`);

    expect(source.RedrivePolicy.maxReceiveCount).toBe(10);
    expect(spell(source.RedrivePolicy.deadLetterTargetArn)).toBe(`${flow}DeadLetterQueue.Arn`);
    expect(source.MessageRetentionPeriod).toBe(4 * DAY_SECONDS);
    expect(deadLetters.MessageRetentionPeriod).toBe(14 * DAY_SECONDS);
  });

  it.each(FLOWS)('%s accepts dead letters only from its own queue', (flow) => {
    const { redrivePermission, sourceQueueArns } = get(queues, `${flow}DeadLetterQueue`).Properties.RedriveAllowPolicy;
    const { QueueName } = get(queues, `${flow}Queue`).Properties;

    expect(QueueName).toBe(`${stackName}-${flow}Queue`);
    expect(redrivePermission).toBe('byQueue');
    expect(sourceQueueArns.map(spell)).toEqual([
      `arn:AWS::Partition:sqs:AWS::Region:AWS::AccountId:${String(QueueName)}`,
    ]);
  });

  it.each([
    ['TaskUpload', 90],
    ['CreateTask', 90],
    ['TaskFileComplete', 5],
  ])('%s parks a dead letter after %d more receives', (flow, times) => {
    const { maxReceiveCount } = get(queues, `${flow}Queue`).Properties.RedrivePolicy;
    const { RedrivePolicy } = get(queues, `${flow}DeadLetterQueue`).Properties;

    expect(spell(RedrivePolicy.deadLetterTargetArn)).toBe('ParkedQueue.Arn');
    // SQS continues the count of the previous queue.
    expect(RedrivePolicy.maxReceiveCount).toBe(maxReceiveCount + times);
  });

  it('keep parked messages for the longest time, and park only dead letters', () => {
    const { Properties } = get(queues, 'ParkedQueue');
    const { redrivePermission, sourceQueueArns } = Properties.RedriveAllowPolicy;

    expect(Properties.MessageRetentionPeriod).toBe(14 * DAY_SECONDS);
    expect(Properties).not.toHaveProperty('RedrivePolicy');
    expect(redrivePermission).toBe('byQueue');
    expect(sourceQueueArns.map(spell)).toEqual(
      FLOWS.map((flow) => {
        const { QueueName } = get(queues, `${flow}DeadLetterQueue`).Properties;
        expect(QueueName).toBe(`${stackName}-${flow}DeadLetterQueue`);
        return `arn:AWS::Partition:sqs:AWS::Region:AWS::AccountId:${String(QueueName)}`;
      }),
    );
  });

  it.each(FLOWS.flatMap((flow) => [`${flow}Queue`, `${flow}DeadLetterQueue`]))(
    '%s hides a message for six times the timeout of its function',
    (queue) => {
      const subscriber = get(functions, spell(mappingOf(queue).Properties.FunctionName));

      expect(get(queues, queue).Properties.VisibilityTimeout).toBe(6 * subscriber.Properties.Timeout);
    },
  );
});

describe('event source mappings', () => {
  it('accept partial batch responses, and limit their concurrency', () => {
    for (const { Properties } of mappings) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });

  it.each([
    ['TaskUploadQueue', 'UploadTaskSubscriberFunction', 1, 2],
    ['CreateTaskQueue', 'CreateTaskSubscriberFunction', 10, 5],
    ['TaskFileCompleteQueue', 'CompleteTaskFileSubscriberFunction', 10, 2],
    ['TaskUploadDeadLetterQueue', 'UploadTaskDeadLetterSubscriberFunction', 1, 2],
    ['CreateTaskDeadLetterQueue', 'CreateTaskDeadLetterSubscriberFunction', 1, 2],
    ['TaskFileCompleteDeadLetterQueue', 'CompleteTaskFileSubscriberFunction', 10, 2],
  ])(
    '%s → %s: %d messages at a time, at most %d invocations at once',
    (queue, subscriber, batchSize, maximumConcurrency) => {
      const { Properties } = mappingOf(queue);

      expect(spell(Properties.FunctionName)).toBe(subscriber);
      expect(Properties.BatchSize).toBe(batchSize);
      expect(Properties.ScalingConfig.MaximumConcurrency).toBe(maximumConcurrency);
    },
  );

  it('of splitters and workers have the concurrency of the deployment', () => {
    const found = ofType(
      synthesize({ CDK_UPLOAD_TASK_CONCURRENCY: '7', CDK_CREATE_TASK_CONCURRENCY: '50' }).resources,
      'AWS::Lambda::EventSourceMapping',
    );
    const atOnce = Array.from(found.values(), ({ Properties }) => [
      spell(Properties.EventSourceArn),
      Properties.ScalingConfig.MaximumConcurrency,
    ]);
    expect(atOnce).toContainEqual(['CreateTaskQueue.Arn', 50]);
    expect(atOnce).toContainEqual(['TaskUploadQueue.Arn', 7]);
  });
});

describe('resource policies', () => {
  const allowing = resourcePolicyStatements(resources).filter(({ Effect }) => Effect === 'Allow');

  it('let only S3 and SNS send, and nothing else', () => {
    expect(allowing.map(({ Principal, Action, Resource }) => [Principal, Action, spell(Resource as string)])).toEqual([
      [{ Service: 's3.amazonaws.com' }, 'sqs:SendMessage', 'TaskUploadQueue.Arn'],
      [{ Service: 'sns.amazonaws.com' }, 'sqs:SendMessage', 'TaskFileCompleteDeadLetterQueue.Arn'],
      [{ Service: 'sns.amazonaws.com' }, 'sqs:SendMessage', 'TaskFileCompleteQueue.Arn'],
    ]);
  });

  it('name the source for which the service may send', () => {
    const conditions = allowing.map(({ Condition }) =>
      Object.values(Condition ?? {}).flatMap((keys) => Object.entries(keys).map(([key, value]) => [key, spell(value)])),
    );

    expect(conditions).toEqual([
      [
        ['aws:SourceArn', `arn:AWS::Partition:s3:::${stackName}*`],
        ['aws:SourceAccount', 'AWS::AccountId'],
      ],
      [['aws:SourceArn', 'TaskTopic']],
      [['aws:SourceArn', 'TaskTopic']],
    ]);
  });
});
