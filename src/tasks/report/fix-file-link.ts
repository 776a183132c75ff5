import { REPORT_LINK_SECONDS, type FixFileLink } from '../../contract/index.ts';
import { isTerminal } from '../../engine/index.ts';
import { noFailedRows, reportExpired, reportPending, stillRunning } from '../errors.ts';
import { computeExpiry } from '../expiry.ts';
import { readFileJob } from '../file/read-file-job.ts';
import { fixFileName } from './fix-file.ts';
import type { ReportLinks } from '../ports/reports.ts';
import { readTaskFile, type TaskFilePorts } from '../file/to-task-file.ts';

/**
 * Signs a URL of the fix file of an ended file.
 * @throws TaskError TASK_FILE_NOT_FOUND, STILL_RUNNING, NO_FAILED_ROWS, REPORT_PENDING, REPORT_EXPIRED
 */
export async function linkToFixFile(
  ports: TaskFilePorts & { readonly links: ReportLinks },
  tenant: string,
  id: string,
): Promise<FixFileLink> {
  const job = await readFileJob(ports, tenant, id);
  if (!isTerminal(job)) throw stillRunning(id, job.status);
  const { failedCount, reportedAt, redrives = [] } = await readTaskFile(ports, job);
  if (redrives.some(({ status }) => status === 'NEW' || status === 'IN_PROGRESS')) throw stillRunning(id, 'REDRIVING');
  if (failedCount === 0) throw noFailedRows(id);
  if (reportedAt === undefined || job.report?.fixFileKey === undefined) throw reportPending(id);
  const at = ports.clock.now();
  const link = await ports.links.linkTo(job.report.fixFileKey, at);
  // The bucket deletes reports by age, but the job stays.
  if (!link) throw reportExpired(id);
  return { ...link, fileName: fixFileName(job.name), expiresAt: computeExpiry(at, REPORT_LINK_SECONDS) };
}
