import {
  httpDocumentClient,
  DynamoJobs,
  DynamoLedger,
  snsClient,
  SnsAnnouncer,
  sqsClient,
  SqsContinuations,
} from '../../aws/index.ts';
import { redriveTaskFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'TASK_UPLOAD_QUEUE_URL', 'TASK_TOPIC_ARN');
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const announcer = new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN);
const continuations = new SqsContinuations(sqsClient(), env.TASK_UPLOAD_QUEUE_URL);

export const handler = httpHandler('redrive-task-file', async ({ tenant, params, body }) => ({
  body: await redriveTaskFile({ jobs, ledger, announcer, continuations, clock }, tenant, params.id, body.codes),
}));
