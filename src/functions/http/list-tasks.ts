import { documentClient, DynamoTasks } from '../../aws/index.ts';
import { listTasks } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler, pageAnswer } from '../runtime/http.ts';

const { TASKS_TABLE_NAME } = readEnvironment('TASKS_TABLE_NAME');
const tasks = new DynamoTasks(documentClient(), TASKS_TABLE_NAME);

export const handler = httpHandler('list-tasks', async ({ tenant, query, event }) =>
  pageAnswer(await listTasks({ tasks }, tenant, query), event),
);
