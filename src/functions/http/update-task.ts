import { updateTask } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { etagOf, preconditionsOf } from '../runtime/preconditions.ts';
import { RequestError } from '../runtime/problem.ts';
import { openTasks } from '../wiring/tasks.ts';

const ports = openTasks();

export const handler = httpHandler('update-task', async ({ tenant, params, headers, body }) => {
  // What the service sets itself has no effect. Another id is a slip: the content is meant for another task.
  const { id = params.id, createdAt: _, updatedAt: __, taskFileId: ___, row: ____, ...content } = body;
  if (id !== params.id) throw otherTask();
  const { task, version } = await updateTask(ports, tenant, id, content, preconditionsOf(headers));
  return { body: task, headers: { etag: etagOf(version) } };
});

const otherTask = (): RequestError =>
  new RequestError('VALIDATION_FAILED', 'The body is that of another task than the one at this address.', [
    { path: 'body.id', message: 'must be the id of the address, or be left out' },
  ]);
