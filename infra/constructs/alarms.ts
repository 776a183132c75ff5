import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type LogEvent, MAX_RECEIVE_COUNT } from '../../src/contract/index.ts';
import { ALARMS, QUEUE_RETENTION_DAYS } from '../constants.ts';
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts';
import type { ServiceFunctions } from './all-functions.ts';

export interface AlarmsProps {
  /** Where an alarm goes. */
  readonly actions: readonly IAlarmAction[];
  readonly parkedQueue: Queue;
  readonly flows: Readonly<Record<string, QueueWithDeadLetters>>;
  readonly functions: ServiceFunctions;
  readonly api: HttpApi;
}

interface Watched {
  /** The operator reads it in the alarm. */
  readonly description: string;
  readonly metric: IMetric;
  /** The alarm goes off above it. */
  readonly above: number;
}

const period = Duration.minutes(ALARMS.periodMinutes);

/**
 * The few alarms that call the operator, each about something that the service does not repair by itself. Each metric
 * has its own alarm: a sum of metrics costs as much, and does not say which queue or function it is about.
 */
export class Alarms extends Construct {
  readonly #actions: readonly IAlarmAction[];

  constructor(scope: Construct, id: string, { actions, parkedQueue, flows, functions, api }: AlarmsProps) {
    super(scope, id);
    this.#actions = actions;
    this.#watch('Parked', {
      description: 'Messages that no function could handle are in the parked queue: look at them, then delete them.',
      metric: parkedQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      above: 0,
    });
    for (const [flow, queues] of Object.entries(flows)) this.#watchQueues(flow, queues);
    this.#watchFunctions(functions);
    this.#watch('ApiFails', {
      description: 'The API responds with 5xx: see request_failed in the logs of its functions, and its access log.',
      metric: api.metricServerError({ period }),
      above: ALARMS.apiFailures,
    });
    this.#watch('SweepFindsTrouble', {
      description:
        'Sweep after sweep sends lost rows again, or fails to handle a job: messages get lost, or the workers stopped. ' +
        'See sweep_found and sweep_failed in its log.',
      metric: this.#troubledSweeps(functions),
      above: ALARMS.troubledSweeps,
    });
  }

  #watch(name: string, { description, metric, above }: Watched): void {
    const alarm = new Alarm(this, name, {
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      alarmDescription: description,
      // Idle queues and functions report no metrics.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...this.#actions);
  }

  #watchQueues(flow: string, { queue, deadLetterQueue }: QueueWithDeadLetters): void {
    this.#watch(`${flow}DeadLetters`, {
      description:
        `Messages of the ${flow} queue failed ${MAX_RECEIVE_COUNT} times and became dead letters: rows or files may have failed. ` +
        'The logs of the subscribers say why (message_undone); redrive the files once the cause is gone.',
      // Counting those that wait would miss them: their reader receives them before SQS counts.
      metric: deadLetterQueue.metricNumberOfMessagesReceived({ period }),
      above: 0,
    });
    this.#watch(`${flow}OldMessage`, {
      description:
        `A message of the ${flow} queue has waited for an hour: its subscriber stopped, or has more work than it can do. ` +
        `Messages are kept for ${QUEUE_RETENTION_DAYS} days.`,
      metric: queue.metricApproximateAgeOfOldestMessage({ period }),
      above: ALARMS.oldestMessageSeconds,
    });
  }

  #watchFunctions(functions: ServiceFunctions): void {
    const worker = functions['create-task-subscriber'].lambda;
    const failing = {
      Splitter: { lambda: functions['upload-task-subscriber'].lambda, above: ALARMS.functionFailures },
      Worker: { lambda: worker, above: ALARMS.functionFailures },
      Sweep: { lambda: functions.sweep.lambda, above: ALARMS.sweepFailures },
    };
    for (const [name, { lambda, above }] of Object.entries(failing)) {
      this.#watch(`${name}Fails`, {
        description: 'Invocations crash or time out: see the log of the function.',
        metric: lambda.metricErrors({ period }),
        above,
      });
    }
    this.#watch('WorkerThrottled', {
      description:
        'Workers are throttled: raise the limit of concurrent executions of the account, or see what else uses them.',
      metric: worker.metricThrottles({ period }),
      above: ALARMS.functionFailures,
    });
  }

  /**
   * Counts sweeps that sent rows again or failed to handle a job, by their log. A sweep repairs all else that it finds.
   */
  #troubledSweeps({ sweep }: ServiceFunctions): IMetric {
    const event: LogEvent = 'sweep_found';
    const trouble = ['$.resent', '$.failed'].map((field) => FilterPattern.numberValue(field, '>', 0));
    const filter = sweep.lambda.logGroup.addMetricFilter('TroubledSweeps', {
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.message', '=', event),
        FilterPattern.any(...trouble),
      ),
      metricNamespace: Stack.of(this).stackName,
      metricName: 'TroubledSweeps',
    });
    return filter.metric({ period: Duration.minutes(ALARMS.troubledSweepsMinutes), statistic: 'Sum' });
  }
}
