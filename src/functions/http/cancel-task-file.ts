import { cancelTaskFile } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { openAnnouncer } from '../wiring/messaging.ts';
import { openTaskFiles } from '../wiring/task-files.ts';

const ports = { ...openTaskFiles(), announcer: openAnnouncer() };

export const handler = httpHandler('cancel-task-file', async ({ tenant, params }) => ({
  body: await cancelTaskFile(ports, tenant, params.id),
}));
