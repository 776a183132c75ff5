import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListTablesCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

const RECORD = 'tables.json';

/**
 * Refuses to go on with a data folder whose tables are gone. LevelDB takes a list of its files that was cut off for an
 * older one, and begins there: the deployment would make the tables anew, and nobody would hear that they were full.
 */
export async function expectKeptTables(dataDir: string, dynamodb: DynamoDBClient): Promise<void> {
  const file = join(dataDir, RECORD);
  if (!existsSync(file)) return;
  const tables = new Set(await tableNames(dynamodb));
  const kept = JSON.parse(await readFile(file, 'utf8')) as readonly string[];
  const gone = kept.filter((name) => !tables.has(name));
  if (gone.length === 0) return;
  throw new Error(
    `The data folder ${dataDir} has lost its tables ${gone.join(', ')}: its files are damaged. ` +
      'Restore it from a copy, or begin anew with --fresh.',
  );
}

/** Notes which tables are there from now on. */
export async function keepTables(dataDir: string, dynamodb: DynamoDBClient): Promise<void> {
  const file = join(dataDir, RECORD);
  await writeFile(`${file}.new`, JSON.stringify(await tableNames(dynamodb)));
  await rename(`${file}.new`, file);
}

async function tableNames(dynamodb: DynamoDBClient): Promise<readonly string[]> {
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand());
  return TableNames;
}
