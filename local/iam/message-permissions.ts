import { ACCOUNT_ID } from '../account.ts';
import type { Permission } from './guard.ts';

/** The permissions that a call of SQS needs; a call by the batch needs those of the single one. */
export function queuePermissions(operation: string, body: unknown, region: string): readonly Permission[] {
  const { QueueUrl, QueueName } = (body ?? {}) as { QueueUrl?: string; QueueName?: string };
  const name = QueueUrl?.slice(QueueUrl.lastIndexOf('/') + 1) ?? QueueName;
  const resource = name === undefined ? '*' : `arn:aws:sqs:${region}:${ACCOUNT_ID}:${name}`;
  return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource }];
}

/** The permissions that a call of SNS needs. */
export function topicPermissions(operation: string, body: unknown): readonly Permission[] {
  const { TopicArn, TargetArn } = (body ?? {}) as { TopicArn?: string; TargetArn?: string };
  const action = operation === 'PublishBatch' ? 'Publish' : operation;
  return [{ action: `sns:${action}`, resource: TopicArn ?? TargetArn ?? '*' }];
}
