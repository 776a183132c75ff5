import { getTask, isExcluded } from '../../tasks/index.ts';
import { httpHandler, notModified } from '../runtime/http.ts';
import { etagOf, preconditionsOf } from '../runtime/preconditions.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('get-task', async ({ tenant, params, event }) => {
  const asked = preconditionsOf(event.headers);
  const { task, version } = await getTask(ports, tenant, params.id, asked);
  const etag = etagOf(version);
  return isExcluded(version, asked) ? notModified(etag) : { body: task, headers: { etag } };
});
