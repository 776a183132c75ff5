import { documentClient, DynamoTasks } from '../../aws/index.ts';
import { getTask } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { etagOf } from '../runtime/etag.ts';
import { httpHandler } from '../runtime/http.ts';

const { TASKS_TABLE_NAME } = readEnvironment('TASKS_TABLE_NAME');
const tasks = new DynamoTasks(documentClient(), TASKS_TABLE_NAME);

export const handler = httpHandler('get-task', async ({ tenant, params }) => {
  const { task, version } = await getTask({ tasks }, tenant, params.id);
  return { body: task, headers: { etag: etagOf(version) } };
});
