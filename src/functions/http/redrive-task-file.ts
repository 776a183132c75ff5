import { redriveTaskFile } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { openAnnouncer, openContinuations } from '../wiring/messaging.ts';
import { openTaskFiles } from '../wiring/task-files.ts';

const ports = { ...openTaskFiles(), announcer: openAnnouncer(), continuations: openContinuations() };

export const handler = httpHandler('redrive-task-file', async ({ tenant, params, body }) => ({
  body: await redriveTaskFile(ports, tenant, params.id, body.codes),
}));
