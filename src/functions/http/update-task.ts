import { documentClient, DynamoTasks } from '../../aws/index.ts';
import { updateTask } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { etagOf, versionsOf } from '../runtime/etag.ts';
import { httpHandler } from '../runtime/http.ts';
import { systemClock as clock } from '../runtime/settings.ts';

const { TASKS_TABLE_NAME } = readEnvironment('TASKS_TABLE_NAME');
const tasks = new DynamoTasks(documentClient(), TASKS_TABLE_NAME);

export const handler = httpHandler('update-task', async ({ tenant, params, headers, body }) => {
  const versions = versionsOf(headers['if-match']);
  const { task, version } = await updateTask({ tasks, clock }, tenant, params.id, body, versions);
  return { body: task, headers: { etag: etagOf(version) } };
});
