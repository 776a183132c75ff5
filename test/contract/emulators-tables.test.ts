import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkKeptTables, recordTables } from '../../local/deploy/kept-tables.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { sentenceOf } from '../../local/failure.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

describe('tables on disk', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'emulators-tables-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function running<T>(use: (dynamodb: TestClients['dynamodb']) => Promise<T>): Promise<T> {
    const emulators = await startEmulators({ dataDir });
    const clients = clientsOf(emulators);
    try {
      return await use(clients.dynamodb);
    } finally {
      clients.close();
      await emulators.stop();
    }
  }
  const createTable = (dynamodb: TestClients['dynamodb'], TableName: string) =>
    dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
  const listTables = async (dynamodb: TestClients['dynamodb']) =>
    (await dynamodb.send(new ListTablesCommand())).TableNames;
  /** Returns what the user reads at the terminal. */
  const refusal = (): Promise<string> =>
    running(listTables).then(
      () => 'not refused',
      (error: unknown) => sentenceOf(error, dataDir),
    );

  it('are refused and not changed if the file is missing that lists their files', async () => {
    await running((dynamodb) => createTable(dynamodb, 'kept'));
    // The second start moves what the first one wrote into a file of its own.
    expect(await running(listTables)).toEqual(['kept']);
    const folder = join(dataDir, 'dynamodb');
    await rm(join(folder, 'CURRENT'));
    const tableFiles = async () => (await readdir(folder)).filter((name) => /\.(?:ldb|log)$/.test(name));
    const before = await tableFiles();
    expect(await refusal()).toMatch(/^The tables in .+ cannot be opened, and were not changed\. Restore .+ \(.+\)$/);
    expect(await tableFiles()).toEqual(before);
  });

  it('are refused if one of their files is missing', async () => {
    await running((dynamodb) => createTable(dynamodb, 'kept'));
    await running(listTables);
    const folder = join(dataDir, 'dynamodb');
    for (const name of await readdir(folder)) if (name.endsWith('.ldb')) await rm(join(folder, name));
    expect(await refusal()).toMatch(/^The tables in .+ cannot be opened.+\(.*Corruption: 1 missing files.*\)$/);
  });

  it('are reported as lost if a deployment created them and they are missing', async () => {
    await running(async (dynamodb) => {
      await checkKeptTables(dataDir, dynamodb);
      await createTable(dynamodb, 'one');
      await recordTables(dataDir, dynamodb);
      await checkKeptTables(dataDir, dynamodb);
      const record = join(dataDir, 'tables.json');
      expect(JSON.parse(await readFile(record, 'utf8'))).toEqual(['one']);
      await writeFile(record, JSON.stringify(['one', 'other']));
      await expect(checkKeptTables(dataDir, dynamodb)).rejects.toThrow(
        'has lost its tables other: its files are damaged',
      );
    });
  });
});
