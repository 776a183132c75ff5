import { DynamoJobs, DynamoLedger, httpDocumentClient, type DocumentClient } from '../../aws/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { systemClock as clock } from './settings.ts';

/** Opens the job store, the ledger and its failures; by default for a function that responds to requests. */
export function openTaskFiles(dynamo: DocumentClient = httpDocumentClient()) {
  const { TASK_FILES_TABLE_NAME: table } = readEnvironment('TASK_FILES_TABLE_NAME');
  const ledger = new DynamoLedger(dynamo, table, clock);
  return { jobs: new DynamoJobs(dynamo, table, clock), ledger, failures: ledger, clock };
}
