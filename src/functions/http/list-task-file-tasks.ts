import { httpDocumentClient, DynamoJobs, DynamoLedger, DynamoTasks } from '../../aws/index.ts';
import { listTasksOfFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler, pageResponse } from '../runtime/http.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'TASKS_TABLE_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const tasks = new DynamoTasks(dynamo, env.TASKS_TABLE_NAME);

export const handler = httpHandler('list-task-file-tasks', async ({ tenant, params, query, event }) =>
  pageResponse(await listTasksOfFile({ jobs, ledger, failures: ledger, tasks }, tenant, params.id, query), event),
);
