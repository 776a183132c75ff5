import {
  httpDocumentClient,
  DynamoJobs,
  DynamoLedger,
  presigningS3Client,
  S3PresignedUploads,
} from '../../aws/index.ts';
import { linkToParts } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const presigned = new S3PresignedUploads(presigningS3Client(), env.UPLOADS_BUCKET_NAME);

export const handler = httpHandler('presign-task-file-parts', async ({ tenant, params, body }) => ({
  body: await linkToParts({ jobs, ledger, presigned, clock }, tenant, params.id, body),
}));
