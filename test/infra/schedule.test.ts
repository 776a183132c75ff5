import { describe, expect, it } from '@jest/globals';
import { synthesize } from './synthesize.ts';
import { ofType, spell } from './template.ts';

const schedulesOf = (variables?: NodeJS.ProcessEnv) =>
  ofType(synthesize(variables).resources, 'AWS::Scheduler::Schedule');

describe('the schedule of the sweep', () => {
  const { resources } = synthesize();
  const [schedule, ...others] = ofType(resources, 'AWS::Scheduler::Schedule').values();
  const { Target, ...rest } = schedule?.Properties ?? {};

  it('is the only schedule, and runs every minute, on the minute', () => {
    expect(others).toEqual([]);
    expect(rest).toEqual({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('calls the sweep with a role of its own, and does not retry', () => {
    expect(spell(Target.Arn)).toBe('SweepFunction.Arn');
    expect(spell(Target.RoleArn)).toBe('SweepScheduleRole.Arn');
    expect(Target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    const [invoking, ...more] = ofType(resources, 'AWS::Lambda::EventInvokeConfig').values();
    expect(more).toEqual([]);
    expect(spell(invoking?.Properties.FunctionName)).toBe('SweepFunction');
    expect(invoking?.Properties).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });

  it('calls a function that ends before the next call', () => {
    expect(ofType(resources, 'AWS::Lambda::Function').get('SweepFunction')?.Properties.Timeout).toBeLessThan(60);
  });

  it('can be switched off', () => {
    const [switched] = schedulesOf({ CDK_SWEEP: 'off' }).values();

    expect(switched?.Properties).toMatchObject({ State: 'DISABLED' });
  });
});
