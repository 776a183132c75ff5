import { documentClient, DynamoJobs, snsClient, SnsAnnouncer, sqsClient, SqsContinuations } from '../../aws/index.ts';
import { uploadMessage } from '../../contract/index.ts';
import { failStuck, jobOfObject } from '../../engine/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { createdObjects } from '../runtime/s3-event.ts';
import { RECEIVE_VARIABLES, receiveRules, systemClock as clock } from '../runtime/settings.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'TASK_UPLOAD_QUEUE_URL', 'TASK_TOPIC_ARN', ...RECEIVE_VARIABLES);
const jobs = new DynamoJobs(documentClient(), env.TASK_FILES_TABLE_NAME);
const ports = {
  jobs,
  announcer: new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN),
  continuations: new SqsContinuations(sqsClient(), env.TASK_UPLOAD_QUEUE_URL),
  clock,
};
const rules = receiveRules(jobs, env);

export const handler = sqsHandler(
  uploadMessage,
  oneByOne(async ({ body }) => {
    if ('continue' in body) return failStuck(ports, body.continue);
    for (const object of createdObjects(body)) {
      // An event was sent before anything was read.
      const { tenant, jobId } = await jobOfObject(rules, object);
      await failStuck(ports, { tenant, jobId, nextBatch: 0, attempt: 0 });
    }
  }),
);
