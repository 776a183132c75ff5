import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Store {
  open(options: { readonly createIfMissing: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** The LevelDB that dynalite opens. */
const { Level } = createRequire(import.meta.resolve('dynalite'))('level') as { Level: new (folder: string) => Store };

/**
 * Opens the tables once before dynalite does. That would begin with empty ones, and remove what is left of the old
 * ones, if the file is gone that says which files belong to them; and of tables that can't be opened it says only that
 * they are closed.
 */
export async function tryTables(folder: string): Promise<void> {
  if (!existsSync(folder) || !readdirSync(folder).some((name) => /\.(?:ldb|log)$/.test(name))) return;
  const store = new Level(folder);
  try {
    await store.open({ createIfMissing: false });
  } catch (error) {
    throw new Error(
      `The tables in ${folder} can't be opened, and are left as they are. ` +
        'Restore the data folder from a copy, or begin anew with --fresh.',
      { cause: error },
    );
  }
  await store.close();
}
