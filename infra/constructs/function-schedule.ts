import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

export interface FunctionScheduleProps {
  readonly target: ServiceFunction;
  /** `rate(1 minute)` */
  readonly rate: string;
  readonly retries: number;
  /** An invocation that cannot begin within so many seconds is dropped. */
  readonly maxAgeSeconds: number;
  readonly enabled: boolean;
}

/** Invokes a function regularly. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, { target, rate, retries, maxAgeSeconds, enabled }: FunctionScheduleProps) {
    super(scope, id);
    const { functionArn } = target.lambda;
    // The scheduler only passes the event on. Lambda has its own retries, which go on for hours by default.
    target.lambda.configureAsyncInvoke({ retryAttempts: retries, maxEventAge: Duration.seconds(maxAgeSeconds) });
    new CfnSchedule(this, 'Default', {
      scheduleExpression: rate,
      state: enabled ? 'ENABLED' : 'DISABLED',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn: this.#createRole(functionArn).roleArn,
        retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: maxAgeSeconds },
      },
    });
  }

  /** Replaces the role of CDK's target, which may invoke every version of the function. */
  #createRole(functionArn: string): Role {
    const stack = Stack.of(this);
    const scheduleGroup = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: 'default',
    });
    const role = new Role(this, 'Role', {
      // Without the conditions, schedules of other accounts could use the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': scheduleGroup },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    return role;
  }
}
