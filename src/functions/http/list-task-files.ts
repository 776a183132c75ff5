import { httpDocumentClient, DynamoJobs, DynamoLedger } from '../../aws/index.ts';
import { listTaskFiles } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler, pageResponse } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const { TASK_FILES_TABLE_NAME } = readEnvironment('TASK_FILES_TABLE_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, TASK_FILES_TABLE_NAME);

export const handler = httpHandler('list-task-files', async ({ tenant, query, event }) =>
  pageResponse(await listTaskFiles({ jobs, ledger, clock }, tenant, query), event),
);
