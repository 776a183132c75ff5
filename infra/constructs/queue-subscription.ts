import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** The first three are for Lambda's poller, which uses the function's role. The last one postpones messages. */
export const CONSUME_ACTIONS = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
] as const;

export interface QueueSubscriptionProps {
  readonly queue: Queue;
  readonly subscriber: ServiceFunction;
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** Lets Lambda pass a queue's messages to a function. Only those that the function reports as failed return. */
export class QueueSubscription extends Construct {
  constructor(scope: Construct, id: string, { queue, subscriber, batchSize, maxConcurrency }: QueueSubscriptionProps) {
    super(scope, id);
    subscriber.lambda.addToRolePolicy(
      new PolicyStatement({ actions: [...CONSUME_ACTIONS], resources: [queue.queueArn] }),
    );
    new EventSourceMapping(this, 'Default', {
      target: subscriber.lambda,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
