import { DynamoTasks, httpDocumentClient, type DocumentClient } from '../../aws/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { systemClock as clock, systemIds as ids } from './settings.ts';
import { openTaskFiles } from './task-files.ts';

/** Opens the task store alone. */
export function openTaskStore(dynamo: DocumentClient) {
  const { TASKS_TABLE_NAME } = readEnvironment('TASKS_TABLE_NAME');
  return new DynamoTasks(dynamo, TASKS_TABLE_NAME, clock);
}

/** Opens what reads and changes tasks: the task store, and the task files, whose ledger decides about voids. */
export function openTasks() {
  const dynamo = httpDocumentClient();
  return { ...openTaskFiles(dynamo), tasks: openTaskStore(dynamo) };
}

/** Opens what creates tasks one by one. */
export const openTaskCreation = () => ({ tasks: openTaskStore(httpDocumentClient()), clock, ids });
