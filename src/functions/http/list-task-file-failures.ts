import { documentClient, DynamoJobs, DynamoLedger } from '../../aws/index.ts';
import { listFailuresOfFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler, pageAnswer } from '../runtime/http.ts';

const { TASK_FILES_TABLE_NAME } = readEnvironment('TASK_FILES_TABLE_NAME');
const dynamo = documentClient();
const jobs = new DynamoJobs(dynamo, TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, TASK_FILES_TABLE_NAME);

export const handler = httpHandler('list-task-file-failures', async ({ tenant, params, query, event }) =>
  pageAnswer(await listFailuresOfFile({ jobs, ledger, failures: ledger }, tenant, params.id, query), event),
);
