import { deleteTask } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { readPreconditions } from '../runtime/preconditions.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('delete-task', async ({ tenant, params, headers }) => {
  await deleteTask(ports, tenant, params.id, readPreconditions(headers));
  return { body: undefined };
});
