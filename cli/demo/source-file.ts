import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

/** The command was called with something it can't work on; calling it again the same way won't help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface SourceFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

/** Looks at the file before anything is started, so that a slip of the keyboard costs no waiting. */
export async function sourceFile(given: string): Promise<SourceFile> {
  const path = resolve(whereTheUserIs(), given);
  const found = await statOf(path);
  if (!found)
    throw new UsageError(`There is no file ${path}; give the path of a CSV file, such as samples/sample.csv.`);
  if (!found.isFile()) throw new UsageError(`${path} is a folder or a device; give the path of a CSV file.`);
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) throw new UsageError(`${path} can't be read: its permissions don't let this user.`);
  return { path, name: basename(path), size: found.size };
}

/** npm runs scripts in the package's folder; INIT_CWD is the one that the person typed the command in. */
function whereTheUserIs(): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return script === 'demo' && folder !== undefined ? folder : process.cwd();
}

async function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new UsageError(`${path} can't be opened: ${error.message}.`);
  });
}
