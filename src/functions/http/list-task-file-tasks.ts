import { listTasksOfFile } from '../../tasks/index.ts';
import { httpHandler, toPageResponse } from '../runtime/http.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('list-task-file-tasks', async ({ tenant, params, query, event }) =>
  toPageResponse(await listTasksOfFile(ports, tenant, params.id, query), event),
);
