import { deleteTask } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { preconditionsOf } from '../runtime/preconditions.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('delete-task', async ({ tenant, params, headers }) => {
  await deleteTask(ports, tenant, params.id, preconditionsOf(headers));
  return { body: undefined };
});
