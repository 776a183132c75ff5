import {
  documentClient,
  DynamoSweepPosition,
  s3Client,
  S3Listing,
  sqsClient,
  SqsQueueDepths,
} from '../../aws/index.ts';
import { Sweep } from '../../engine/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { receiveRules } from './file-defaults.ts';
import { openAnnouncer, openContinuations } from './messaging.ts';
import { openTaskFiles } from './task-files.ts';

/** Opens the sweep. */
export function openSweep(): Sweep {
  const env = readEnvironment(
    'TASK_FILES_TABLE_NAME',
    'UPLOADS_BUCKET_NAME',
    'TASK_UPLOAD_QUEUE_URL',
    'CREATE_TASK_QUEUE_URL',
    'TASK_FILE_COMPLETE_QUEUE_URL',
  );
  const dynamo = documentClient();
  const sqs = sqsClient();
  const position = new DynamoSweepPosition(dynamo, env.TASK_FILES_TABLE_NAME);
  const ports = {
    ...openTaskFiles(dynamo),
    announcer: openAnnouncer(),
    continuations: openContinuations(sqs),
    depths: new SqsQueueDepths(sqs, {
      batches: env.CREATE_TASK_QUEUE_URL,
      continuations: env.TASK_UPLOAD_QUEUE_URL,
      completions: env.TASK_FILE_COMPLETE_QUEUE_URL,
    }),
    listing: new S3Listing(s3Client(), env.UPLOADS_BUCKET_NAME, position),
  };
  return new Sweep(ports, receiveRules(ports.jobs));
}
