import { listTasksOfFile } from '../../tasks/index.ts';
import { httpHandler, pageResponse } from '../runtime/http.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('list-task-file-tasks', async ({ tenant, params, query, event }) =>
  pageResponse(await listTasksOfFile(ports, tenant, params.id, query), event),
);
