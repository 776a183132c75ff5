import { Duration, Stack } from 'aws-cdk-lib';
import { type IQueue, Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_RETENTION_DAYS, QUEUE_RETENTION_DAYS, VISIBILITY_TIMEOUTS } from '../constants.ts';
import { MAX_RECEIVE_COUNT } from '../../src/contract/index.ts';

export interface QueueWithDeadLettersProps {
  /** The timeout of the function that takes the messages; visibility follows from it. */
  readonly consumerTimeoutSeconds: number;
  /** The same, of the function that takes the dead letters. */
  readonly deadLetterConsumerTimeoutSeconds: number;
  /** A dead letter received so often is parked; the receives before it was one count too. */
  readonly parkReceiveCount: number;
  /** Where dead letters go that nobody can handle either. */
  readonly parkedQueue: IQueue;
}

export const secured: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/**
 * Two queues that know each other: one names where its given-up messages go, which in turn lets in this one alone.
 * CloudFormation can't create such a circle; a name that both know breaks it. No change of a queue's settings replaces
 * the queue, so the name never stands in its own way.
 */
const nameOf = (scope: Construct, logicalName: string): string => `${Stack.of(scope).stackName}-${logicalName}`;

/** Lets in what the named queues give up, and nothing else. */
export const givenUpBy = (
  scope: Construct,
  logicalNames: readonly string[],
): Pick<QueueProps, 'redriveAllowPolicy'> => ({
  redriveAllowPolicy: {
    redrivePermission: RedrivePermission.BY_QUEUE,
    sourceQueues: logicalNames.map((name) =>
      Queue.fromQueueArn(
        scope,
        `${name}Source`,
        Stack.of(scope).formatArn({ service: 'sqs', resource: nameOf(scope, name) }),
      ),
    ),
  },
});

export const deadLettersOf = (flow: string): string => `${flow}DeadLetterQueue`;

/**
 * A queue and the one where messages end that failed too often: `TaskUpload` makes TaskUploadQueue and
 * TaskUploadDeadLetterQueue.
 */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...secured,
      ...givenUpBy(this, [`${id}Queue`]),
      queueName: nameOf(this, deadLettersOf(id)),
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * props.deadLetterConsumerTimeoutSeconds),
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
      deadLetterQueue: { queue: props.parkedQueue, maxReceiveCount: props.parkReceiveCount },
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      queueName: nameOf(this, `${id}Queue`),
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * props.consumerTimeoutSeconds),
      retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
