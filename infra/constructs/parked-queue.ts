import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_RETENTION_DAYS, PARKED_ALARM_MINUTES } from '../constants.ts';
import { deadLettersOf, givenUpBy, secured } from './queue-with-dead-letters.ts';

/** Where dead letters wait for a person that no function can make sense of, and the alarm that calls this person. */
export class ParkedQueue extends Construct {
  readonly queue: Queue;

  /** @param flows The queues with dead letters, by their construct ids. */
  constructor(scope: Construct, id: string, flows: readonly string[]) {
    super(scope, id);
    this.queue = new Queue(this, 'Default', {
      ...secured,
      ...givenUpBy(this, flows.map(deadLettersOf)),
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
    });
    this.queue
      .metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(PARKED_ALARM_MINUTES),
        statistic: 'Maximum',
      })
      .createAlarm(this, 'Alarm', {
        alarmDescription: 'Messages that nobody can handle wait in the parked queue: look at them, then delete them',
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: 0,
        evaluationPeriods: 1,
        // SQS tells nothing of a queue that has been idle for hours.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
  }
}
