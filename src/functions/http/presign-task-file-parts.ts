import { linkToParts } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';
import { openPresignedUploads } from '../wiring/uploads.ts';

const ports = { ...openTaskFiles(), presigned: openPresignedUploads() };

export const handler = httpHandler('presign-task-file-parts', async ({ tenant, params, body }) => ({
  body: await linkToParts(ports, tenant, params.id, body),
}));
