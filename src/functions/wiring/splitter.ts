import {
  documentClient,
  DynamoContents,
  s3Client,
  S3Manifests,
  S3Sources,
  sqsClient,
  SqsBatchQueue,
} from '../../aws/index.ts';
import { FanOut } from '../../engine/index.ts';
import { TASK_COLUMNS } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { receiveRules } from './file-defaults.ts';
import { openAnnouncer, openContinuations } from './messaging.ts';
import { fanOutLimits } from './settings.ts';
import { openTaskFiles } from './task-files.ts';

/** Opens what splits files, for the splitter and for the reader of its dead letters. */
export function openSplitter() {
  const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME', 'CREATE_TASK_QUEUE_URL');
  const dynamo = documentClient();
  const sqs = sqsClient();
  const s3 = s3Client();
  const ports = {
    ...openTaskFiles(dynamo),
    announcer: openAnnouncer(),
    sources: new S3Sources(s3, env.UPLOADS_BUCKET_NAME),
    manifests: new S3Manifests(s3, env.UPLOADS_BUCKET_NAME),
    batches: new SqsBatchQueue(sqs, env.CREATE_TASK_QUEUE_URL),
    contents: new DynamoContents(dynamo, env.TASK_FILES_TABLE_NAME),
    continuations: openContinuations(sqs),
  };
  return { ports, fanOut: new FanOut(ports, TASK_COLUMNS, fanOutLimits), rules: receiveRules(ports.jobs) };
}
