export { documentClient, s3Client, snsClient, sqsClient } from './clients.ts';
export { DynamoJobs } from './dynamodb/jobs.ts';
export { DynamoLedger } from './dynamodb/ledger.ts';
export { DynamoTasks } from './dynamodb/tasks.ts';
export { S3Sources } from './s3/sources.ts';
export { S3Uploads } from './s3/uploads.ts';
export { SnsAnnouncer } from './sns/announcer.ts';
export { batchOfMessage, SqsBatchQueue } from './sqs/batch-queue.ts';
export { SqsContinuations } from './sqs/continuations.ts';
