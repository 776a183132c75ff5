export {
  assemblingS3Client,
  briefDocumentClient,
  documentClient,
  httpDocumentClient,
  httpS3Client,
  presigningS3Client,
  s3Client,
  snsClient,
  sqsClient,
  type DocumentClient,
} from './clients.ts';
export { DynamoContents } from './dynamodb/contents.ts';
export { DynamoJobs } from './dynamodb/jobs.ts';
export { DynamoLedger } from './dynamodb/ledger.ts';
export { DynamoSweepPosition } from './dynamodb/sweep-position.ts';
export { DynamoTasks } from './dynamodb/tasks.ts';
export { DynamoTries } from './dynamodb/tries.ts';
export { isServiceFailure, isUnavailable, StillRefusedError, NoResponseError } from './service-errors.ts';
export { S3Listing } from './s3/listing.ts';
export { S3Manifests } from './s3/manifests.ts';
export { S3PresignedUploads } from './s3/presigned-uploads.ts';
export { S3Reports } from './s3/reports.ts';
export { S3Sources } from './s3/sources.ts';
export { S3Uploads } from './s3/uploads.ts';
export { SnsAnnouncer } from './sns/announcer.ts';
export { toBatch, SqsBatchQueue } from './sqs/batch-queue.ts';
export { SqsReportContinuations } from './sqs/report-continuations.ts';
export { SqsVisibility, type Postponed } from './sqs/visibility.ts';
export { SqsContinuations } from './sqs/continuations.ts';
export { SqsQueueDepths } from './sqs/queue-depths.ts';
