import { httpDocumentClient, DynamoJobs, DynamoLedger, httpS3Client, S3Reports } from '../../aws/index.ts';
import { linkToFixFile, listFailuresOfFile } from '../../tasks/index.ts';
import { preferredType } from '../runtime/accept.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler, pageResponse, seeOther } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const links = new S3Reports(httpS3Client(), env.UPLOADS_BUCKET_NAME);

export const handler = httpHandler('list-task-file-failures', async ({ tenant, params, query, headers, event }) =>
  preferredType(headers.accept, ['application/json', 'text/csv']) === 'text/csv'
    ? seeOther((await linkToFixFile({ jobs, ledger, links, clock }, tenant, params.id)).url)
    : pageResponse(await listFailuresOfFile({ jobs, ledger, failures: ledger }, tenant, params.id, query), event),
);
