import { httpDocumentClient, DynamoJobs, DynamoLedger, DynamoTasks } from '../../aws/index.ts';
import { verifyTaskFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { sealCursor } from '../runtime/page-cursor.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'TASKS_TABLE_NAME');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const tasks = new DynamoTasks(dynamo, env.TASKS_TABLE_NAME);

export const handler = httpHandler('verify-task-file', async ({ tenant, params, query, event }) => {
  const part = await verifyTaskFile({ jobs, ledger, failures: ledger, tasks, clock }, tenant, params.id, query.cursor);
  return { body: part.cursor === undefined ? part : { ...part, cursor: sealCursor(event, part.cursor) } };
});
