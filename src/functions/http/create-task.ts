import { createTask } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { toEtag, checkListPreconditions } from '../runtime/preconditions.ts';
import { openTaskCreation } from '../wiring/tasks.ts';

const ports = openTaskCreation();

export const handler = httpHandler('create-task', async ({ tenant, body, headers }) => {
  checkListPreconditions(headers);
  const { task, version } = await createTask(ports, tenant, body, headers['idempotency-key']);
  return { body: task, headers: { location: `/tasks/${task.id}`, etag: toEtag(version) } };
});
