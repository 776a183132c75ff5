import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_RETENTION_DAYS } from '../constants.ts';
import { deadLettersOf, givenUpBy, secured } from './queue-with-dead-letters.ts';

/**
 * Where dead letters that no function can make sense of wait for a person; an alarm calls one if the deployment names
 * one.
 */
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
  }
}
