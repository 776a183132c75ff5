import { completeUpload } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';
import { openPresignedUploads } from '../wiring/uploads.ts';

const ports = { ...openTaskFiles(), presigned: openPresignedUploads({ assembles: true }) };

export const handler = httpHandler('complete-task-file-upload', async ({ tenant, params }) => ({
  body: await completeUpload(ports, tenant, params.id),
}));
