import { Alias } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { EVENT_ATTRIBUTE, type TASK_EVENTS } from '../../src/contract/index.ts';
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts';

type EventName = (typeof TASK_EVENTS)[keyof typeof TASK_EVENTS];

/** Announces the end of task files; anybody in the account may subscribe. */
export class TaskTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Default', {
      enforceSSL: true,
      // AWS's key for SNS: SNS itself decrypts before it delivers to queues, and any role that may publish may use it.
      // (What breaks delivery is a queue under AWS's key for SQS, which SNS may not use; ours are encrypted by SQS
      // itself.)
      masterKey: Alias.fromAliasName(this, 'Key', 'alias/aws/sns'),
    });
  }

  /** Sends some kinds of events to a queue; what SNS can't deliver goes to the same queue's dead letters. */
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
