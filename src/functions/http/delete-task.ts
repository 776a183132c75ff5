import { documentClient, DynamoTasks } from '../../aws/index.ts';
import { deleteTask } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { versionsOf } from '../runtime/etag.ts';
import { httpHandler } from '../runtime/http.ts';

const { TASKS_TABLE_NAME } = readEnvironment('TASKS_TABLE_NAME');
const tasks = new DynamoTasks(documentClient(), TASKS_TABLE_NAME);

export const handler = httpHandler('delete-task', async ({ tenant, params, headers }) => {
  await deleteTask({ tasks }, tenant, params.id, versionsOf(headers['if-match']));
  return { body: undefined };
});
