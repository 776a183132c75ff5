import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListTablesCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

const RECORD = 'tables.json';

/**
 * Refuses a data folder that has lost tables. If LevelDB's list of files is cut off, LevelDB opens an older state. The
 * deployment would then create the tables again, and the loss would go unnoticed.
 */
export async function checkKeptTables(dataDir: string, dynamodb: DynamoDBClient): Promise<void> {
  const file = join(dataDir, RECORD);
  if (!existsSync(file)) return;
  const tables = new Set(await readTableNames(dynamodb));
  const kept = JSON.parse(await readFile(file, 'utf8')) as readonly string[];
  const missing = kept.filter((name) => !tables.has(name));
  if (missing.length === 0) return;
  throw new Error(
    `The data folder ${dataDir} has lost its tables ${missing.join(', ')}: its files are damaged. ` +
      'Restore the folder from a copy, or start with --fresh to empty it.',
  );
}

/** Records which tables exist now. */
export async function recordTables(dataDir: string, dynamodb: DynamoDBClient): Promise<void> {
  const file = join(dataDir, RECORD);
  await writeFile(`${file}.new`, JSON.stringify(await readTableNames(dynamodb)));
  await rename(`${file}.new`, file);
}

async function readTableNames(dynamodb: DynamoDBClient): Promise<readonly string[]> {
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand());
  return TableNames;
}
