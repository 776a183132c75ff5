import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Store {
  open(options: { readonly createIfMissing: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** The LevelDB that dynalite uses. */
const { Level } = createRequire(import.meta.resolve('dynalite'))('level') as { Level: new (folder: string) => Store };

/**
 * Opens the tables once before dynalite does, to get a clear error. If the file is missing that lists the files of the
 * tables, dynalite would begin with empty tables and delete the old files. For tables that cannot be opened, it only
 * reports that they are closed.
 */
export async function checkTables(folder: string): Promise<void> {
  if (!existsSync(folder) || !readdirSync(folder).some((name) => /\.(?:ldb|log)$/.test(name))) return;
  const store = new Level(folder);
  try {
    await store.open({ createIfMissing: false });
  } catch (error) {
    throw new Error(
      `The tables in ${folder} cannot be opened, and were not changed. ` +
        'Restore the data folder from a copy, or start with --fresh to empty it.',
      { cause: error },
    );
  }
  await store.close();
}
