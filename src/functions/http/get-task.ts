import { getTask } from '../../tasks/index.ts';
import { etagOf } from '../runtime/etag.ts';
import { httpHandler } from '../runtime/http.ts';
import { openTasks } from '../runtime/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('get-task', async ({ tenant, params }) => {
  const { task, version } = await getTask(ports, tenant, params.id);
  return { body: task, headers: { etag: etagOf(version) } };
});
