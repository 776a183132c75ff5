import { describe, expect, it } from '@jest/globals';
import { toQueuePermissions, toTopicPermissions } from './message-permissions.ts';
import { toObjectPermissions } from './object-permissions.ts';
import { toTablePermissions } from './table-permissions.ts';

const REGION = 'us-east-1';
const spell = (needed: readonly { action: string; resource: string }[]): readonly string[] =>
  needed.map(({ action, resource }) => `${action} on ${resource}`);

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:work';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic';

describe('a call needs', () => {
  it.each([
    ['GetItem', { TableName: 'A' }, [`dynamodb:GetItem on ${TABLE}/A`]],
    ['GetItem', { TableName: `${TABLE}/A` }, [`dynamodb:GetItem on ${TABLE}/A`]],
    ['Query', { TableName: 'A', IndexName: 'by' }, [`dynamodb:Query on ${TABLE}/A/index/by`]],
    [
      'BatchGetItem',
      { RequestItems: { A: {}, B: {} } },
      [`dynamodb:BatchGetItem on ${TABLE}/A`, `dynamodb:BatchGetItem on ${TABLE}/B`],
    ],
    ['BatchWriteItem', { RequestItems: { A: [] } }, [`dynamodb:BatchWriteItem on ${TABLE}/A`]],
    [
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'A' } }, { ConditionCheck: { TableName: 'B' } }] },
      [`dynamodb:PutItem on ${TABLE}/A`, `dynamodb:ConditionCheckItem on ${TABLE}/B`],
    ],
    ['TransactGetItems', { TransactItems: [{ Get: { TableName: 'A' } }] }, [`dynamodb:GetItem on ${TABLE}/A`]],
    ['Query', { TableName: 'A', IndexName: null, RequestItems: null }, [`dynamodb:Query on ${TABLE}/A`]],
    ['ListTables', {}, ['dynamodb:ListTables on *']],
    ['GetItem', { TableName: 5 }, ['dynamodb:GetItem on *']],
    ['GetItem', null, ['dynamodb:GetItem on *']],
    ['TransactWriteItems', { TransactItems: [null] }, ['dynamodb:TransactWriteItems on *']],
  ])('of DynamoDB: %s of %j', (operation, request, needed) => {
    expect(spell(toTablePermissions(operation, request, REGION))).toEqual(needed);
  });

  it.each([
    ['GetObject', 'k', ['s3:GetObject on arn:aws:s3:::b/k']],
    ['HeadObject', 'k', ['s3:GetObject on arn:aws:s3:::b/k']],
    ['PutObject', 'k', ['s3:PutObject on arn:aws:s3:::b/k']],
    ['CreateMultipartUpload', 'k', ['s3:PutObject on arn:aws:s3:::b/k']],
    ['UploadPart', 'k', ['s3:PutObject on arn:aws:s3:::b/k']],
    ['CompleteMultipartUpload', 'k', ['s3:PutObject on arn:aws:s3:::b/k']],
    ['ListParts', 'k', ['s3:ListMultipartUploadParts on arn:aws:s3:::b/k']],
    ['AbortMultipartUpload', 'k', ['s3:AbortMultipartUpload on arn:aws:s3:::b/k']],
    ['GetObjectAttributes', 'k', ['s3:GetObjectAttributes on arn:aws:s3:::b/k', 's3:GetObject on arn:aws:s3:::b/k']],
    ['ListObjectsV2', '', ['s3:ListBucket on arn:aws:s3:::b']],
    ['HeadBucket', '', ['s3:ListBucket on arn:aws:s3:::b']],
    ['DeleteObjects', '', ['s3:DeleteObject on arn:aws:s3:::b/*']],
  ])('of S3: %s of the key "%s"', (operation, key, needed) => {
    expect(spell(toObjectPermissions({ operation, bucket: 'b', key, headers: {} }))).toEqual(needed);
  });

  it.each(['b/from%20here', '/b/from%20here', 'b/from%20here?versionId=1'])('of S3: a copy of %s', (source) => {
    const headers = { 'x-amz-copy-source': source };
    expect(spell(toObjectPermissions({ operation: 'CopyObject', bucket: 'b', key: 'to', headers }))).toEqual([
      's3:PutObject on arn:aws:s3:::b/to',
      's3:GetObject on arn:aws:s3:::b/from here',
    ]);
  });

  it('of S3: the list of all buckets', () => {
    const call = { operation: 'ListBuckets', bucket: '', key: '', headers: {} };
    expect(spell(toObjectPermissions(call))).toEqual(['s3:ListAllMyBuckets on *']);
  });

  it.each([
    ['SendMessage', { QueueUrl: 'http://127.0.0.1:1/000000000000/work' }, `sqs:SendMessage on ${QUEUE}`],
    ['SendMessageBatch', { QueueUrl: 'http://127.0.0.1:1/000000000000/work' }, `sqs:SendMessage on ${QUEUE}`],
    ['DeleteMessageBatch', { QueueUrl: 'http://x/0/work' }, `sqs:DeleteMessage on ${QUEUE}`],
    ['ChangeMessageVisibilityBatch', { QueueUrl: 'http://x/0/work' }, `sqs:ChangeMessageVisibility on ${QUEUE}`],
    ['GetQueueUrl', { QueueName: 'work' }, `sqs:GetQueueUrl on ${QUEUE}`],
    ['ListQueues', {}, 'sqs:ListQueues on *'],
    ['ListQueues', undefined, 'sqs:ListQueues on *'],
  ])('of SQS: %s of %j', (operation, body, needed) => {
    expect(spell(toQueuePermissions(operation, body, REGION))).toEqual([needed]);
  });

  it.each([
    ['Publish', { TopicArn: TOPIC }, `sns:Publish on ${TOPIC}`],
    ['Publish', { TargetArn: TOPIC }, `sns:Publish on ${TOPIC}`],
    ['PublishBatch', { TopicArn: TOPIC }, `sns:Publish on ${TOPIC}`],
    ['ListTopics', {}, 'sns:ListTopics on *'],
  ])('of SNS: %s of %j', (operation, body, needed) => {
    expect(spell(toTopicPermissions(operation, body))).toEqual([needed]);
  });
});
