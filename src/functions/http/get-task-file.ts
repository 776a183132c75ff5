import { httpDocumentClient, DynamoJobs, DynamoLedger } from '../../aws/index.ts';
import { getTaskFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const { TASK_FILES_TABLE_NAME } = readEnvironment('TASK_FILES_TABLE_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, TASK_FILES_TABLE_NAME);

export const handler = httpHandler('get-task-file', async ({ tenant, params }) => ({
  body: await getTaskFile({ jobs, ledger, clock }, tenant, params.id),
}));
