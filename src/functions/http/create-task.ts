import { httpDocumentClient, DynamoTasks } from '../../aws/index.ts';
import { createTask } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { etagOf, requireOfList } from '../runtime/preconditions.ts';
import { systemClock as clock, systemIds as ids } from '../wiring/settings.ts';

const { TASKS_TABLE_NAME } = readEnvironment('TASKS_TABLE_NAME');
const tasks = new DynamoTasks(httpDocumentClient(), TASKS_TABLE_NAME);

export const handler = httpHandler('create-task', async ({ tenant, body, headers }) => {
  requireOfList(headers);
  const { task, version } = await createTask({ tasks, clock, ids }, tenant, body, headers['idempotency-key']);
  return { body: task, headers: { location: `/tasks/${task.id}`, etag: etagOf(version) } };
});
