import * as z from 'zod';
import { reportMessage, TASK_EVENTS, taskEvent } from '../../contract/index.ts';
import { finishTaskFile, continueReport } from '../../tasks/index.ts';
import { log } from '../runtime/log.ts';
import { handleEach, sqsHandler } from '../runtime/sqs.ts';
import { openCompleter } from '../wiring/completer.ts';
import { reportPace } from '../wiring/settings.ts';

const ports = openCompleter();

export const handler = sqsHandler(
  z.union([reportMessage, taskEvent]),
  handleEach(async ({ body }, deadline) => {
    if ('report' in body) {
      const { tenant, taskFileId, draft } = body.report;
      return continueReport(ports, { tenant, jobId: taskFileId }, draft, reportPace(deadline));
    }
    const { tenant, taskFileId, runId, event } = body;
    const run = { tenant, jobId: runId };
    const job = await finishTaskFile(ports, run, event === TASK_EVENTS.completed, reportPace(deadline));
    if (job.status === 'COMPLETED') {
      log.info('task_file_completed', { tenant, taskFileId, runId, succeeded: job.succeeded, failed: job.failed });
    }
  }),
);
