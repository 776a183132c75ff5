import { updateTask } from '../../tasks/index.ts';
import { etagOf, versionsOf } from '../runtime/etag.ts';
import { httpHandler } from '../runtime/http.ts';
import { systemClock as clock } from '../runtime/settings.ts';
import { openTasks } from '../runtime/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('update-task', async ({ tenant, params, headers, body }) => {
  const versions = versionsOf(headers['if-match']);
  const { task, version } = await updateTask({ ...ports, clock }, tenant, params.id, body, versions);
  return { body: task, headers: { etag: etagOf(version) } };
});
