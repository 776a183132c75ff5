import { httpDocumentClient, DynamoJobs, DynamoLedger, DynamoTasks } from '../../aws/index.ts';
import type { ReadPorts } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';

/** The tasks as readers see them. */
export function openTasks(): ReadPorts {
  const env = readEnvironment('TASKS_TABLE_NAME', 'TASK_FILES_TABLE_NAME');
  const dynamo = httpDocumentClient();
  const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
  return {
    tasks: new DynamoTasks(dynamo, env.TASKS_TABLE_NAME),
    jobs: new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME),
    ledger,
    failures: ledger,
  };
}
