import { getTask, isExcluded } from '../../tasks/index.ts';
import { httpHandler, toNotModified } from '../runtime/http.ts';
import { toEtag, readPreconditions } from '../runtime/preconditions.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('get-task', async ({ tenant, params, event }) => {
  const asked = readPreconditions(event.headers);
  const { task, version } = await getTask(ports, tenant, params.id, asked);
  const etag = toEtag(version);
  return isExcluded(version, asked) ? toNotModified(etag) : { body: task, headers: { etag } };
});
