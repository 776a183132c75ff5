import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_RETENTION_DAYS } from '../constants.ts';
import { toDeadLetterName, acceptDeadLettersOf, secured } from './queue-with-dead-letters.ts';

/** Dead letters that no function could handle wait here for the operator. */
export class ParkedQueue extends Construct {
  readonly queue: Queue;

  /** @param flows The queues with dead letters, by their construct ids. */
  constructor(scope: Construct, id: string, flows: readonly string[]) {
    super(scope, id);
    this.queue = new Queue(this, 'Default', {
      ...secured,
      ...acceptDeadLettersOf(this, flows.map(toDeadLetterName)),
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
    });
  }
}
