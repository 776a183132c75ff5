import type { Context } from 'aws-lambda';
import {
  documentClient,
  DynamoJobs,
  DynamoLedger,
  DynamoSweepPosition,
  s3Client,
  S3Listing,
  snsClient,
  SnsAnnouncer,
  sqsClient,
  SqsContinuations,
  SqsQueueDepths,
} from '../../aws/index.ts';
import { Sweep, type SweepReport } from '../../engine/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { fieldsOfError, log } from '../runtime/log.ts';
import { RECEIVE_VARIABLES, receiveRules, systemClock as clock } from '../wiring/settings.ts';

const env = readEnvironment(
  'TASK_FILES_TABLE_NAME',
  'UPLOADS_BUCKET_NAME',
  'TASK_UPLOAD_QUEUE_URL',
  'CREATE_TASK_QUEUE_URL',
  'TASK_FILE_COMPLETE_QUEUE_URL',
  'TASK_TOPIC_ARN',
  ...RECEIVE_VARIABLES,
);
const dynamo = documentClient();
const sqs = sqsClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const place = new DynamoSweepPosition(dynamo, env.TASK_FILES_TABLE_NAME);
const ports = {
  jobs,
  ledger: new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME),
  announcer: new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN),
  continuations: new SqsContinuations(sqs, env.TASK_UPLOAD_QUEUE_URL),
  depths: new SqsQueueDepths(sqs, {
    batches: env.CREATE_TASK_QUEUE_URL,
    continuations: env.TASK_UPLOAD_QUEUE_URL,
    completions: env.TASK_FILE_COMPLETE_QUEUE_URL,
  }),
  listing: new S3Listing(s3Client(), env.UPLOADS_BUCKET_NAME, place),
  clock,
};
const sweep = new Sweep(ports, receiveRules(jobs, env));

/** Runs by the clock; what it found to do is in its log, for the alarms. */
export async function handler(_event: unknown, context: Context): Promise<SweepReport> {
  const deadline = { remainingMilliseconds: () => context.getRemainingTimeInMillis() };
  const report = await sweep.run(deadline, (reason) => log.error('sweep_failed', fieldsOfError(reason)));
  if (Object.values(report).some((count) => count > 0)) log.warn('sweep_found', report);
  return report;
}
