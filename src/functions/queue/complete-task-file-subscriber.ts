import { documentClient, DynamoJobs } from '../../aws/index.ts';
import { taskEvent } from '../../contract/index.ts';
import { complete } from '../../engine/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { systemClock as clock } from '../runtime/settings.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

const { TASK_FILES_TABLE_NAME } = readEnvironment('TASK_FILES_TABLE_NAME');
const jobs = new DynamoJobs(documentClient(), TASK_FILES_TABLE_NAME);

export const handler = sqsHandler(
  taskEvent,
  oneByOne(async ({ body: { tenant, taskFileId } }) => {
    const { status, succeeded, failed } = await complete({ jobs, clock }, { tenant, jobId: taskFileId });
    if (status === 'COMPLETED') log.info('task_file_completed', { tenant, taskFileId, succeeded, failed });
  }),
);
