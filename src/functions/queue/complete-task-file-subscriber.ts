import { documentClient, DynamoJobs, sqsClient, SqsContinuations } from '../../aws/index.ts';
import { taskEvent } from '../../contract/index.ts';
import { complete } from '../../engine/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { systemClock as clock } from '../runtime/settings.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'TASK_UPLOAD_QUEUE_URL');
const jobs = new DynamoJobs(documentClient(), env.TASK_FILES_TABLE_NAME);
const continuations = new SqsContinuations(sqsClient(), env.TASK_UPLOAD_QUEUE_URL);

export const handler = sqsHandler(
  taskEvent,
  oneByOne(async ({ body: { tenant, taskFileId, runId } }) => {
    const { status, succeeded, failed } = await complete({ jobs, continuations, clock }, { tenant, jobId: runId });
    if (status === 'COMPLETED') log.info('task_file_completed', { tenant, taskFileId, runId, succeeded, failed });
  }),
);
