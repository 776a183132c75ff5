import { verifyTaskFile } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { sealCursor } from '../runtime/page-cursor.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('verify-task-file', async ({ tenant, params, query, event }) => {
  const part = await verifyTaskFile(ports, tenant, params.id, query.cursor);
  return { body: part.cursor === undefined ? part : { ...part, cursor: sealCursor(event, part.cursor) } };
});
