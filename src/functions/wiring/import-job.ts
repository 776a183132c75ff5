import {
  briefDocumentClient,
  documentClient,
  DynamoJobs,
  DynamoLedger,
  DynamoTasks,
  DynamoTries,
  snsClient,
  SnsAnnouncer,
} from '../../aws/index.ts';
import type { TaskContent } from '../../contract/index.ts';
import type { DeadLetterPorts, JobDefinition } from '../../engine/index.ts';
import { taskImport } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { systemClock as clock } from './settings.ts';

/** The job of this service and what it works on: for its worker, and for the reader of the worker's dead letters. */
export function openImportJob(): { readonly ports: DeadLetterPorts; readonly definition: JobDefinition<TaskContent> } {
  const env = readEnvironment('TASKS_TABLE_NAME', 'TASK_FILES_TABLE_NAME', 'TASK_TOPIC_ARN');
  const dynamo = documentClient();
  const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
  const ports = {
    jobs: new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME),
    ledger,
    failures: ledger,
    tries: new DynamoTries(briefDocumentClient(), env.TASK_FILES_TABLE_NAME),
    announcer: new SnsAnnouncer(snsClient(), env.TASK_TOPIC_ARN),
    clock,
  };
  return { ports, definition: taskImport(new DynamoTasks(dynamo, env.TASKS_TABLE_NAME)) };
}
