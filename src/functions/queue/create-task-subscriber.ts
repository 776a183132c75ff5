import {
  batchOfMessage,
  documentClient,
  DynamoJobs,
  DynamoLedger,
  DynamoTasks,
  snsClient,
  SnsAnnouncer,
} from '../../aws/index.ts';
import { batchMessage } from '../../contract/index.ts';
import { Processor } from '../../engine/index.ts';
import { taskImport } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { systemClock as clock } from '../runtime/settings.ts';
import { sqsHandler } from '../runtime/sqs.ts';

const env = readEnvironment('TASKS_TABLE_NAME', 'TASK_FILES_TABLE_NAME', 'TASK_TOPIC_ARN');
const dynamo = documentClient();
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const ports = {
  jobs: new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME),
  ledger,
  failures: ledger,
  announcer: new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN),
  clock,
};
const processor = new Processor(ports, taskImport(new DynamoTasks(dynamo, env.TASKS_TABLE_NAME)));

export const handler = sqsHandler(batchMessage, (messages) =>
  processor.process(
    messages.map(({ messageId, body, receiveCount }) => ({
      messageId,
      batch: batchOfMessage(body),
      isRepeated: receiveCount > 1,
    })),
  ),
);
