import { Duration, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  DEAD_LETTER_RETENTION_DAYS,
  MAX_RECEIVE_COUNT,
  QUEUE_RETENTION_DAYS,
  VISIBILITY_TIMEOUTS,
} from '../constants.ts';

export interface QueueWithDeadLettersProps {
  /** The timeout of the function that takes the messages; visibility follows from it. */
  readonly consumerTimeoutSeconds: number;
}

const secured: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** A queue and the one where messages end that failed too often: `TaskUpload` makes TaskUploadQueue and TaskUploadDeadLetterQueue. */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { consumerTimeoutSeconds }: QueueWithDeadLettersProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // The only physical name: a dead-letter queue must name the one queue that may use it, which must name it in turn.
    // CloudFormation can't create such a circle; a name that both know breaks it. No change of a queue's settings
    // replaces the queue, so the name never stands in its own way.
    const queueName = `${stack.stackName}-${id}Queue`;
    const source = Queue.fromQueueArn(this, 'Source', stack.formatArn({ service: 'sqs', resource: queueName }));
    const visibilityTimeout = Duration.seconds(VISIBILITY_TIMEOUTS * consumerTimeoutSeconds);

    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...secured,
      visibilityTimeout,
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.BY_QUEUE, sourceQueues: [source] },
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      queueName,
      visibilityTimeout,
      retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
