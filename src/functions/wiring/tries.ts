import { briefDocumentClient, DynamoTries } from '../../aws/index.ts';
import { readEnvironment } from '../runtime/environment.ts';

/** Opens the notes of tries, for a reader of dead letters. */
export function openTries(): DynamoTries {
  const { TASK_FILES_TABLE_NAME } = readEnvironment('TASK_FILES_TABLE_NAME');
  return new DynamoTries(briefDocumentClient(), TASK_FILES_TABLE_NAME);
}
