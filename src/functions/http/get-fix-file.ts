import { httpDocumentClient, DynamoJobs, DynamoLedger, httpS3Client, S3Reports } from '../../aws/index.ts';
import { linkToFixFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler, NOT_STORED } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const links = new S3Reports(httpS3Client(), env.UPLOADS_BUCKET_NAME);

export const handler = httpHandler('get-fix-file', async ({ tenant, params }) => ({
  body: await linkToFixFile({ jobs, ledger, links, clock }, tenant, params.id),
  headers: NOT_STORED,
}));
