import { snsClient, SnsAnnouncer, sqsClient, SqsContinuations } from '../../aws/index.ts';
import { readEnvironment } from '../runtime/environment.ts';

/** Opens the Task Topic, to announce the ends of jobs. */
export function openAnnouncer() {
  const { TASK_TOPIC_ARN } = readEnvironment('TASK_TOPIC_ARN');
  return new SnsAnnouncer(snsClient(), TASK_TOPIC_ARN);
}

/** Opens the Task Upload Queue, to send continuations. */
export function openContinuations(sqs = sqsClient()) {
  const { TASK_UPLOAD_QUEUE_URL } = readEnvironment('TASK_UPLOAD_QUEUE_URL');
  return new SqsContinuations(sqs, TASK_UPLOAD_QUEUE_URL);
}
