import * as z from 'zod';
import {
  assemblingS3Client,
  documentClient,
  DynamoJobs,
  DynamoLedger,
  S3Reports,
  sqsClient,
  SqsContinuations,
  SqsReportContinuations,
} from '../../aws/index.ts';
import { reportMessage, TASK_EVENTS, taskEvent } from '../../contract/index.ts';
import { finishTaskFile, continueReport } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { reportPace, systemClock as clock } from '../wiring/settings.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

const env = readEnvironment(
  'TASK_FILES_TABLE_NAME',
  'UPLOADS_BUCKET_NAME',
  'TASK_UPLOAD_QUEUE_URL',
  'TASK_FILE_COMPLETE_QUEUE_URL',
);
const dynamo = documentClient();
const sqs = sqsClient();
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const ports = {
  jobs: new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME),
  ledger,
  failures: ledger,
  reports: new S3Reports(assemblingS3Client(), env.UPLOADS_BUCKET_NAME),
  continuations: new SqsContinuations(sqs, env.TASK_UPLOAD_QUEUE_URL),
  reportContinuations: new SqsReportContinuations(sqs, env.TASK_FILE_COMPLETE_QUEUE_URL),
  clock,
};

export const handler = sqsHandler(
  z.union([reportMessage, taskEvent]),
  oneByOne(async ({ body }, deadline) => {
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
