import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import {
  EVENT_ATTRIBUTE,
  TASK_EVENTS,
  REDRIVES_PREFIX,
  REPORTS_PREFIX,
  UPLOADS_PREFIX,
} from '../../src/contract/index.ts';
import { synthesize } from './synthesize.ts';
import { madeBefore, ofType, spell } from './template.ts';

const { template, resources } = synthesize();

describe('the uploads bucket', () => {
  const [bucket] = ofType(resources, 'AWS::S3::Bucket').values();

  it('is private, encrypted, owned only by the account, and unversioned', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: Match.absent(),
      BucketName: Match.absent(),
    });
  });

  it('refuses calls without TLS', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it('accepts calls of the web pages that may call the API, and of no others', () => {
    expect(bucket?.Properties).not.toHaveProperty('CorsConfiguration');
    const origin = 'https://tasks.example.com';
    synthesize({ CDK_CORS_ALLOW_ORIGIN: origin }).template.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedOrigins: [origin],
            AllowedMethods: ['GET', 'PUT'],
            AllowedHeaders: ['content-type'],
            ExposedHeaders: ['ETag'],
            MaxAge: 600,
          },
        ],
      },
    });
  });

  it('deletes unfinished multipart uploads after a day, and task files, reports and manifests later', () => {
    expect(bucket?.Properties.LifecycleConfiguration.Rules).toEqual([
      expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }),
      expect.objectContaining({ Prefix: UPLOADS_PREFIX, ExpirationInDays: 15, Status: 'Enabled' }),
      expect.objectContaining({ Prefix: REPORTS_PREFIX, ExpirationInDays: 15, Status: 'Enabled' }),
      expect.objectContaining({ Prefix: REDRIVES_PREFIX, ExpirationInDays: 15, Status: 'Enabled' }),
    ]);
  });

  it('notifies the Task Upload Queue of every new task file, without a custom resource', () => {
    const { QueueConfigurations, ...others } = bucket?.Properties.NotificationConfiguration ?? {};

    expect(others).toEqual({});
    expect(QueueConfigurations).toEqual([
      {
        Event: 's3:ObjectCreated:*',
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: UPLOADS_PREFIX }] } },
        Queue: expect.anything(),
      },
    ]);
    expect(spell(QueueConfigurations[0].Queue)).toBe('TaskUploadQueue.Arn');
  });

  it('is created after the policy that lets it send, which cannot refer to it', () => {
    const policy = ofType(resources, 'AWS::SQS::QueuePolicy').get('TaskUploadQueuePolicy');

    expect(bucket && madeBefore(bucket)).toEqual(['TaskUploadQueuePolicy']);
    expect(policy).toBeDefined();
    expect(JSON.stringify(policy)).not.toMatch(/"UploadsBucket[0-9A-F]{8}"/);
  });
});

describe('tables', () => {
  const tables = ofType(resources, 'AWS::DynamoDB::Table');

  it('are two, keyed by pk and sk, on demand, with point-in-time recovery', () => {
    expect([...tables.keys()].toSorted()).toEqual(['TaskFilesTable', 'TasksTable']);
    for (const { Properties } of tables.values()) {
      expect(Properties).toMatchObject({
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      expect(Properties).not.toHaveProperty('TableName');
    }
  });

  it('delete expired records of tasks, and index task files by creation, and open ones by last change', () => {
    expect(tables.get('TasksTable')?.Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
    expect(tables.get('TasksTable')?.Properties).not.toHaveProperty('GlobalSecondaryIndexes');
    expect(tables.get('TaskFilesTable')?.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byCreation',
        KeySchema: [
          { AttributeName: 'listPk', KeyType: 'HASH' },
          { AttributeName: 'listSk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'byChange',
        KeySchema: [
          { AttributeName: 'openPk', KeyType: 'HASH' },
          { AttributeName: 'changedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
    expect(tables.get('TaskFilesTable')?.Properties.AttributeDefinitions).toContainEqual({
      AttributeName: 'changedAt',
      AttributeType: 'N',
    });
  });
});

describe('the task topic', () => {
  it('is encrypted, and refuses calls without TLS', () => {
    const [topic] = ofType(resources, 'AWS::SNS::Topic').values();

    expect(spell(topic?.Properties.KmsMasterKeyId)).toMatch(/:alias\/aws\/sns$/);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 'sns:Publish',
            Principal: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it('sends the end of every file to the TaskFile Complete Queue, raw, and keeps undeliverable messages', () => {
    const [subscription, ...others] = ofType(resources, 'AWS::SNS::Subscription').values();
    const { TopicArn, Endpoint, RedrivePolicy, ...rest } = subscription?.Properties ?? {};

    expect(others).toEqual([]);
    expect(rest).toEqual({
      Protocol: 'sqs',
      RawMessageDelivery: true,
      FilterPolicy: { [EVENT_ATTRIBUTE]: Object.values(TASK_EVENTS) },
    });
    expect(spell(TopicArn)).toBe('TaskTopic');
    expect(spell(Endpoint)).toBe('TaskFileCompleteQueue.Arn');
    expect(spell(RedrivePolicy.deadLetterTargetArn)).toBe('TaskFileCompleteDeadLetterQueue.Arn');
  });
});
