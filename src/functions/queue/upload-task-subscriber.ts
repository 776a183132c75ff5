import {
  documentClient,
  DynamoJobs,
  DynamoLedger,
  s3Client,
  S3Manifests,
  S3Sources,
  snsClient,
  SnsAnnouncer,
  sqsClient,
  SqsBatchQueue,
  SqsContinuations,
} from '../../aws/index.ts';
import { uploadMessage } from '../../contract/index.ts';
import { FanOut, jobOfObject } from '../../engine/index.ts';
import { TASK_COLUMNS } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { createdObjects } from '../runtime/s3-event.ts';
import { fanOutLimits, RECEIVE_VARIABLES, receiveRules, systemClock as clock } from '../runtime/settings.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

const env = readEnvironment(
  'TASK_FILES_TABLE_NAME',
  'UPLOADS_BUCKET_NAME',
  'TASK_UPLOAD_QUEUE_URL',
  'CREATE_TASK_QUEUE_URL',
  'TASK_TOPIC_ARN',
  ...RECEIVE_VARIABLES,
);
const dynamo = documentClient();
const sqs = sqsClient();
const s3 = s3Client();
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ports = {
  jobs,
  ledger,
  failures: ledger,
  announcer: new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN),
  sources: new S3Sources(s3, env.UPLOADS_BUCKET_NAME),
  manifests: new S3Manifests(s3, env.UPLOADS_BUCKET_NAME),
  batches: new SqsBatchQueue(sqs, env.CREATE_TASK_QUEUE_URL),
  continuations: new SqsContinuations(sqs, env.TASK_UPLOAD_QUEUE_URL),
  clock,
};
const fanOut = new FanOut(ports, TASK_COLUMNS, fanOutLimits);
const rules = receiveRules(jobs, env);

export const handler = sqsHandler(
  uploadMessage,
  oneByOne(async ({ body: message, receiveCount }, deadline) => {
    if ('continue' in message) return fanOut.resume(message.continue, deadline, receiveCount > 1);
    for (const object of createdObjects(message)) {
      const job = await jobOfObject(rules, object);
      log.info('upload_received', { tenant: job.tenant, taskFileId: job.jobId, bytes: object.bytes });
      await fanOut.run(job, deadline);
    }
  }),
);
