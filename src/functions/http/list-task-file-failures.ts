import { linkToFixFile, listFailuresOfFile } from '../../tasks/index.ts';
import { negotiateType } from '../runtime/accept.ts';
import { httpHandler, toPageResponse, redirectTo } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';
import { openReportLinks } from '../wiring/uploads.ts';

const ports = { ...openTaskFiles(), links: openReportLinks() };

export const handler = httpHandler('list-task-file-failures', async ({ tenant, params, query, headers, event }) =>
  negotiateType(headers.accept, ['application/json', 'text/csv']) === 'text/csv'
    ? redirectTo((await linkToFixFile(ports, tenant, params.id)).url)
    : toPageResponse(await listFailuresOfFile(ports, tenant, params.id, query), event),
);
