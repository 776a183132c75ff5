import { describe, expect, it } from '@jest/globals';
import { LOG_EVENTS } from '../../src/contract/index.ts';
import { synthesize } from './synthesize.ts';
import { ofType, rights, spell, type Statement } from './template.ts';

const EMAIL = 'ops@example.com';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const FLOWS = ['TaskUpload', 'CreateTask', 'TaskFileComplete'];
const HOUR_SECONDS = 60 * 60;

describe('a deployment without an address for alarms', () => {
  const { resources } = synthesize();

  it('has no alarms, which would cost money and notify no operator', () => {
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::Logs::MetricFilter']) {
      expect(ofType(resources, type).size).toBe(0);
    }
    expect(ofType(resources, 'AWS::SNS::Topic').size).toBe(1);
  });
});

describe('a deployment with an address', () => {
  const { resources, stackName } = synthesize({ CDK_ALARM_EMAIL: EMAIL });
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');

  /** The condition of each alarm, such as `Sum of Errors of SweepFunction in 300 s > 2`. */
  const conditions = Object.fromEntries(
    Array.from(alarms, ([name, { Properties }]) => {
      const { Statistic, MetricName, Dimensions = [], Period, Threshold } = Properties;
      const of = Dimensions.map(({ Value }: { Value: string }) => spell(Value)).join();
      return [name.replace(/^Alarms/, ''), `${Statistic} of ${MetricName} of ${of} in ${Period} s > ${Threshold}`];
    }),
  );

  it('has alarms only for what the service does not repair itself', () => {
    expect(conditions).toEqual({
      Parked: 'Maximum of ApproximateNumberOfMessagesVisible of ParkedQueue.QueueName in 300 s > 0',
      ...Object.fromEntries(
        FLOWS.flatMap((flow) => [
          [`${flow}DeadLetters`, `Sum of NumberOfMessagesReceived of ${flow}DeadLetterQueue.QueueName in 300 s > 0`],
          [
            `${flow}OldMessage`,
            `Maximum of ApproximateAgeOfOldestMessage of ${flow}Queue.QueueName in 300 s > ${HOUR_SECONDS}`,
          ],
        ]),
      ),
      SplitterFails: 'Sum of Errors of UploadTaskSubscriberFunction in 300 s > 10',
      WorkerFails: 'Sum of Errors of CreateTaskSubscriberFunction in 300 s > 10',
      WorkerThrottled: 'Sum of Throttles of CreateTaskSubscriberFunction in 300 s > 10',
      SweepFails: 'Sum of Errors of SweepFunction in 300 s > 2',
      SweepFindsTrouble: 'Sum of TroubledSweeps of  in 900 s > 2',
      ApiFails: 'Sum of 5xx of TaskApi in 300 s > 5',
    });
  });

  it('has alarms that notify the operator with what to do, and that treat missing data as good', () => {
    for (const { Properties } of alarms.values()) {
      expect(Properties).toMatchObject({
        AlarmDescription: expect.stringMatching(/\.$/),
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
      expect(Properties.AlarmActions.map(spell)).toEqual(['AlarmTopic']);
    }
    expect(
      [...ofType(resources, 'AWS::SNS::Subscription').values()].map(({ Properties }) => Properties),
    ).toContainEqual(expect.objectContaining({ Protocol: 'email', Endpoint: EMAIL }));
  });

  it('counts the sweeps that find trouble by their log lines', () => {
    const [filter] = ofType(resources, 'AWS::Logs::MetricFilter').values();

    expect(spell(filter?.Properties.LogGroupName)).toBe('SweepFunctionLogGroup');
    expect(filter?.Properties.FilterPattern).toBe(
      '{ ($.message = "sweep_found") && (($.resent > 0) || ($.failed > 0)) }',
    );
    expect(filter?.Properties.MetricTransformations).toEqual([
      { MetricName: 'TroubledSweeps', MetricNamespace: stackName, MetricValue: '1' },
    ]);
    expect(LOG_EVENTS).toContain('sweep_found');
  });

  it('has a topic to which alarms of the account may publish, without the key of AWS, which they may not use', () => {
    const topic = ofType(resources, 'AWS::SNS::Topic').get('AlarmTopic');
    const policy = ofType(resources, 'AWS::SNS::TopicPolicy').get('AlarmTopicPolicy');
    const statements = (policy?.Properties.PolicyDocument.Statement ?? []) as Statement[];
    const allowing = statements.filter(({ Effect }) => Effect === 'Allow');

    expect(topic?.Properties).not.toHaveProperty('KmsMasterKeyId');
    expect(rights(allowing)).toEqual(['sns:Publish on AlarmTopic']);
    expect(allowing[0]?.Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
    const conditions = Object.values(allowing[0]?.Condition ?? {}).flatMap((keys) => Object.entries(keys));
    expect(conditions.map(([key, value]) => [key, spell(value)])).toEqual([
      ['aws:SourceArn', 'arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId:alarm:*'],
      ['aws:SourceAccount', 'AWS::AccountId'],
    ]);
  });
});

it.each([
  [{ CDK_ALARM_TOPIC_ARN: TOPIC }, [TOPIC]],
  [{ CDK_ALARM_EMAIL: EMAIL, CDK_ALARM_TOPIC_ARN: TOPIC }, ['AlarmTopic', TOPIC]],
])('each alarm notifies a topic of the account: %j', (variables, actions) => {
  const { resources } = synthesize(variables);
  for (const { Properties } of ofType(resources, 'AWS::CloudWatch::Alarm').values()) {
    expect(Properties.AlarmActions.map(spell)).toEqual(actions);
  }
  expect(ofType(resources, 'AWS::SNS::Topic').has('AlarmTopic')).toBe('CDK_ALARM_EMAIL' in variables);
});
