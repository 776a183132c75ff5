import { Duration, Stack } from 'aws-cdk-lib';
import { type IQueue, Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEAD_LETTER_RETENTION_DAYS, QUEUE_RETENTION_DAYS, VISIBILITY_TIMEOUTS } from '../constants.ts';
import { MAX_RECEIVE_COUNT } from '../../src/contract/index.ts';

export interface QueueWithDeadLettersProps {
  /** The timeout of the function that receives the messages. The visibility timeout follows from it. */
  readonly consumerTimeoutSeconds: number;
  /** The same for the function that receives the dead letters. */
  readonly deadLetterConsumerTimeoutSeconds: number;
  /** A dead letter that was received so often is parked. The receives before it became one count as well. */
  readonly parkReceiveCount: number;
  /** Where dead letters go that their reader cannot handle either. */
  readonly parkedQueue: IQueue;
}

export const secured: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/**
 * A queue names its dead-letter queue, which accepts messages from this queue alone. CloudFormation cannot create such
 * a circle, unless both know the names. A fixed name is safe, because no change of its settings replaces a queue.
 */
const toQueueName = (scope: Construct, logicalName: string): string => `${Stack.of(scope).stackName}-${logicalName}`;

/** Accepts the dead letters of the named queues, and no others. */
export const acceptDeadLettersOf = (
  scope: Construct,
  logicalNames: readonly string[],
): Pick<QueueProps, 'redriveAllowPolicy'> => ({
  redriveAllowPolicy: {
    redrivePermission: RedrivePermission.BY_QUEUE,
    sourceQueues: logicalNames.map((name) =>
      Queue.fromQueueArn(
        scope,
        `${name}Source`,
        Stack.of(scope).formatArn({ service: 'sqs', resource: toQueueName(scope, name) }),
      ),
    ),
  },
});

export const toDeadLetterName = (flow: string): string => `${flow}DeadLetterQueue`;

/** A queue and its dead-letter queue: `TaskUpload` makes TaskUploadQueue and TaskUploadDeadLetterQueue. */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...secured,
      ...acceptDeadLettersOf(this, [`${id}Queue`]),
      queueName: toQueueName(this, toDeadLetterName(id)),
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * props.deadLetterConsumerTimeoutSeconds),
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
      deadLetterQueue: { queue: props.parkedQueue, maxReceiveCount: props.parkReceiveCount },
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      queueName: toQueueName(this, `${id}Queue`),
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * props.consumerTimeoutSeconds),
      retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
