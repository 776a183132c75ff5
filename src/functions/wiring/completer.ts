import { assemblingS3Client, documentClient, S3Reports, sqsClient, SqsReportContinuations } from '../../aws/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { openContinuations } from './messaging.ts';
import { openTaskFiles } from './task-files.ts';

/** Opens what finishes jobs and writes their reports. */
export function openCompleter() {
  const env = readEnvironment('UPLOADS_BUCKET_NAME', 'TASK_FILE_COMPLETE_QUEUE_URL');
  const sqs = sqsClient();
  return {
    ...openTaskFiles(documentClient()),
    reports: new S3Reports(assemblingS3Client(), env.UPLOADS_BUCKET_NAME),
    continuations: openContinuations(sqs),
    reportContinuations: new SqsReportContinuations(sqs, env.TASK_FILE_COMPLETE_QUEUE_URL),
  };
}
