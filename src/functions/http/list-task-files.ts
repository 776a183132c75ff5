import { listTaskFiles } from '../../tasks/index.ts';
import { httpHandler, toPageResponse } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';

const ports = openTaskFiles();

export const handler = httpHandler('list-task-files', async ({ tenant, query, event }) =>
  toPageResponse(await listTaskFiles(ports, tenant, query), event),
);
