import {
  batchOfMessage,
  documentClient,
  DynamoJobs,
  DynamoLedger,
  DynamoTasks,
  snsClient,
  SnsAnnouncer,
} from '../../aws/index.ts';
import { batchMessage, receivedAsDeadLetterBefore } from '../../contract/index.ts';
import { DeadLetters } from '../../engine/index.ts';
import { taskImport } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { systemClock as clock } from '../runtime/settings.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

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
const deadLetters = new DeadLetters(ports, taskImport(new DynamoTasks(dynamo, env.TASKS_TABLE_NAME)));

export const handler = sqsHandler(
  batchMessage,
  oneByOne(({ body, receiveCount }) =>
    deadLetters.judge({ batch: batchOfMessage(body), receivedBefore: receivedAsDeadLetterBefore(receiveCount) }),
  ),
);
