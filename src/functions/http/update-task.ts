import { updateTask } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { toEtag, readPreconditions } from '../runtime/preconditions.ts';
import { RequestError } from '../runtime/problem.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('update-task', async ({ tenant, params, headers, body }) => {
  // Fields that the service sets have no effect. Another id is a mistake: the content is meant for another task.
  const { id = params.id, createdAt: _, updatedAt: __, taskFileId: ___, row: ____, ...content } = body;
  if (id !== params.id) throw refuseOtherTask();
  const { task, version } = await updateTask(ports, tenant, id, content, readPreconditions(headers));
  return { body: task, headers: { etag: toEtag(version) } };
});

const refuseOtherTask = (): RequestError =>
  new RequestError('VALIDATION_FAILED', 'The body has the id of another task than the one at this address.', [
    { path: 'body.id', message: 'must be the id in the address, or be left out' },
  ]);
