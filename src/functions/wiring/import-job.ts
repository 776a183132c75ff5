import { documentClient } from '../../aws/index.ts';
import type { TaskContent } from '../../contract/index.ts';
import type { DeadLetterPorts, JobDefinition } from '../../engine/index.ts';
import { taskImport } from '../../tasks/index.ts';
import { openAnnouncer } from './messaging.ts';
import { openTaskFiles } from './task-files.ts';
import { openTaskStore } from './tasks.ts';
import { openTries } from './tries.ts';

/** Opens the job of this service and its ports, for its worker and for the reader of the worker's dead letters. */
export function openImportJob(): { readonly ports: DeadLetterPorts; readonly definition: JobDefinition<TaskContent> } {
  const dynamo = documentClient();
  const ports = { ...openTaskFiles(dynamo), tries: openTries(), announcer: openAnnouncer() };
  return { ports, definition: taskImport(openTaskStore(dynamo)) };
}
