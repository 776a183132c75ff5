import { linkToFixFile, listFailuresOfFile } from '../../tasks/index.ts';
import { preferredType } from '../runtime/accept.ts';
import { httpHandler, pageResponse, seeOther } from '../runtime/http.ts';
import { openTaskFiles } from '../wiring/task-files.ts';
import { openReportLinks } from '../wiring/uploads.ts';

const ports = { ...openTaskFiles(), links: openReportLinks() };

export const handler = httpHandler('list-task-file-failures', async ({ tenant, params, query, headers, event }) =>
  preferredType(headers.accept, ['application/json', 'text/csv']) === 'text/csv'
    ? seeOther((await linkToFixFile(ports, tenant, params.id)).url)
    : pageResponse(await listFailuresOfFile(ports, tenant, params.id, query), event),
);
