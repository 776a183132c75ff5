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
  /** Told of every object under the uploads prefix. */
  readonly queue: Queue;
  /** Exact origins of browsers that put files by presigned URLs, and fetch reports; none: no CORS. */
  readonly allowOrigins: readonly string[];
}

/** Where files are uploaded, by the API or straight. */
export class UploadsBucket extends Construct {
  readonly bucket: Bucket;
  /** ARN of every object that is a task file. */
  readonly objectsArn: string;
  /** ARN of every list of rows to redrive. */
  readonly manifestsArn: string;
  /** ARN of every report object. */
  readonly reportsArn: string;

  constructor(scope: Construct, id: string, { stage, queue, allowOrigins }: UploadsBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Default', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: stage.removalPolicy,
      ...(allowOrigins.length > 0 && { cors: [cors(allowOrigins)] }),
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
   * S3 tries the queue when the bucket is created, so the queue's policy has to be there before the bucket, and can't
   * refer to it. It names the bucket by how CloudFormation will call it: the stack's name in lower case comes first.
   * A bucket's ARN has no account in it, and names are free for anybody to take: hence the condition on the account.
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
    if (!(resource instanceof CfnBucket)) throw new TypeError('A bucket is made of one CfnBucket');
    // The bucket's own property: `addEventNotification` would bring a function, a managed policy and a custom resource.
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

const cors = (allowOrigins: readonly string[]): CorsRule => ({
  allowedOrigins: [...allowOrigins],
  allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
  allowedHeaders: ['content-type'],
  exposedHeaders: ['ETag'],
  maxAge: CORS_MAX_AGE_MINUTES * 60,
});
