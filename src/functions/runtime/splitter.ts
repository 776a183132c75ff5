import {
  documentClient,
  DynamoContents,
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
import { FanOut } from '../../engine/index.ts';
import { TASK_COLUMNS } from '../../tasks/index.ts';
import { readEnvironment } from './environment.ts';
import { fanOutLimits, RECEIVE_VARIABLES, receiveRules, systemClock as clock } from './settings.ts';

/** What splits files: for the splitter, and for the reader of its dead letters. */
export function openSplitter() {
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
    contents: new DynamoContents(dynamo, env.TASK_FILES_TABLE_NAME),
    continuations: new SqsContinuations(sqs, env.TASK_UPLOAD_QUEUE_URL),
    clock,
  };
  return { env, ports, fanOut: new FanOut(ports, TASK_COLUMNS, fanOutLimits), rules: receiveRules(jobs, env) };
}
