import { linkToFixFile } from '../../tasks/index.ts';
import { httpHandler, NOT_STORED } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';
import { openReportLinks } from '../wiring/uploads.ts';

const ports = { ...openTaskFiles(), links: openReportLinks() };

export const handler = httpHandler('get-fix-file', async ({ tenant, params }) => ({
  body: await linkToFixFile(ports, tenant, params.id),
  headers: NOT_STORED,
}));
