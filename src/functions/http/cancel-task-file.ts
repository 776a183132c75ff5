import { httpDocumentClient, DynamoJobs, DynamoLedger, snsClient, SnsAnnouncer } from '../../aws/index.ts';
import { cancelTaskFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'TASK_TOPIC_ARN');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const announcer = new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN);

export const handler = httpHandler('cancel-task-file', async ({ tenant, params }) => ({
  body: await cancelTaskFile({ jobs, ledger, announcer, clock }, tenant, params.id),
}));
