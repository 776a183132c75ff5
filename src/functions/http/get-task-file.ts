import { getTaskFile } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';

const ports = openTaskFiles();

export const handler = httpHandler('get-task-file', async ({ tenant, params }) => ({
  body: await getTaskFile(ports, tenant, params.id),
}));
