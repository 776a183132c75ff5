import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type CorsRule,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { REDRIVES_PREFIX, REPORTS_PREFIX, UPLOADS_PREFIX } from '../../src/contract/index.ts';
import { ABORT_MULTIPART_DAYS, BUCKET_NAME_PREFIX_LENGTH, CORS_MAX_AGE_MINUTES } from '../constants.ts';
import type { Stage } from '../stages.ts';

export interface UploadsBucketProps {
  readonly stage: Stage;
  /** Receives an event for every object under the uploads prefix. */
  readonly queue: Queue;
  /** The exact origins of browsers that put files by presigned URLs and fetch reports. If none, there is no CORS. */
  readonly allowOrigins: readonly string[];
}

/** The bucket of uploaded files, manifests and reports. */
export class UploadsBucket extends Construct {
  readonly bucket: Bucket;
  /** All objects that are task files. */
  readonly objectsArn: string;
  /** All manifests. */
  readonly manifestsArn: string;
  /** All reports. */
  readonly reportsArn: string;

  constructor(scope: Construct, id: string, { stage, queue, allowOrigins }: UploadsBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Default', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: stage.removalPolicy,
      ...(allowOrigins.length > 0 && { cors: [toCorsRule(allowOrigins)] }),
      lifecycleRules: [
        { id: 'AbortUnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(ABORT_MULTIPART_DAYS) },
        { id: 'ExpireUploads', prefix: UPLOADS_PREFIX, expiration: Duration.days(stage.uploadsExpireDays) },
        { id: 'ExpireReports', prefix: REPORTS_PREFIX, expiration: Duration.days(stage.uploadsExpireDays) },
        { id: 'ExpireManifests', prefix: REDRIVES_PREFIX, expiration: Duration.days(stage.uploadsExpireDays) },
      ],
    });
    this.objectsArn = this.bucket.arnForObjects(`${UPLOADS_PREFIX}*`);
    this.manifestsArn = this.bucket.arnForObjects(`${REDRIVES_PREFIX}*`);
    this.reportsArn = this.bucket.arnForObjects(`${REPORTS_PREFIX}*`);
    this.#notify(queue);
  }

  /**
   * S3 tests the queue when the bucket is created, so the queue's policy must exist before the bucket, and cannot refer
   * to it. The policy matches the name that CloudFormation will give the bucket, which begins with the stack's name in
   * lower case. A bucket's ARN does not have the account, and any account may take such a name: hence the condition.
   */
  #notify(queue: Queue): void {
    const stack = Stack.of(this);
    const namePrefix = stack.stackName.toLowerCase().slice(0, BUCKET_NAME_PREFIX_LENGTH);
    const { policyDependable } = queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'UploadsBucketMaySend',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:s3:::${namePrefix}*` },
          StringEquals: { 'aws:SourceAccount': stack.account },
        },
      }),
    );
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new TypeError('A Bucket has one CfnBucket as its default child');
    // The property of the bucket: `addEventNotification` would add a function, a managed policy and a custom resource.
    resource.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: queue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: UPLOADS_PREFIX }] } },
        },
      ],
    };
    if (policyDependable) resource.node.addDependency(policyDependable);
  }
}

const toCorsRule = (allowOrigins: readonly string[]): CorsRule => ({
  allowedOrigins: [...allowOrigins],
  allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
  allowedHeaders: ['content-type'],
  exposedHeaders: ['ETag'],
  maxAge: CORS_MAX_AGE_MINUTES * 60,
});
