import { ACCOUNT_ID } from '../account.ts';
import type { Permission } from './guard.ts';

/** Returns the permissions that a call of SQS needs. A batch call needs that of the single one. */
export function toQueuePermissions(operation: string, body: unknown, region: string): readonly Permission[] {
  const { QueueUrl, QueueName } = (body ?? {}) as { QueueUrl?: string; QueueName?: string };
  const name = QueueUrl?.slice(QueueUrl.lastIndexOf('/') + 1) ?? QueueName;
  const resource = name === undefined ? '*' : `arn:aws:sqs:${region}:${ACCOUNT_ID}:${name}`;
  return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource }];
}

/** Returns the permissions that a call of SNS needs. */
export function toTopicPermissions(operation: string, body: unknown): readonly Permission[] {
  const { TopicArn, TargetArn } = (body ?? {}) as { TopicArn?: string; TargetArn?: string };
  const action = operation === 'PublishBatch' ? 'Publish' : operation;
  return [{ action: `sns:${action}`, resource: TopicArn ?? TargetArn ?? '*' }];
}
