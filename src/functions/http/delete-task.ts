import { deleteTask } from '../../tasks/index.ts';
import { versionsOf } from '../runtime/etag.ts';
import { httpHandler } from '../runtime/http.ts';
import { openTasks } from '../runtime/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('delete-task', async ({ tenant, params, headers }) => {
  await deleteTask(ports, tenant, params.id, versionsOf(headers['if-match']));
  return { body: undefined };
});
