import { listTasks } from '../../tasks/index.ts';
import { httpHandler, toPageResponse } from '../runtime/http.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('list-tasks', async ({ tenant, query, event }) =>
  toPageResponse(await listTasks(ports, tenant, query), event),
);
