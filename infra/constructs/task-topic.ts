import { Alias } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { EVENT_ATTRIBUTE, type TASK_EVENTS } from '../../src/contract/index.ts';
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts';

type EventName = (typeof TASK_EVENTS)[keyof typeof TASK_EVENTS];

/** Announces the end of task files. Any principal of the account may subscribe. */
export class TaskTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Default', {
      enforceSSL: true,
      // AWS's key for SNS. Every role that may publish may use it, and SNS decrypts messages before it delivers them.
      // (A queue under AWS's key for SQS would break the delivery, because SNS may not use that key. The queues of this
      // stack are encrypted by SQS itself.)
      masterKey: Alias.fromAliasName(this, 'Key', 'alias/aws/sns'),
    });
  }

  /** Sends some kinds of events to a queue. An event that SNS cannot deliver goes to its dead-letter queue. */
  subscribe({ queue, deadLetterQueue }: QueueWithDeadLetters, ...events: readonly EventName[]): void {
    this.topic.addSubscription(
      new SqsSubscription(queue, {
        rawMessageDelivery: true,
        deadLetterQueue,
        filterPolicy: { [EVENT_ATTRIBUTE]: SubscriptionFilter.stringFilter({ allowlist: [...events] }) },
      }),
    );
  }
}
