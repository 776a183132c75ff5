import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '../command.ts';
import { pathFromHere } from './here.ts';
import { detectKind } from './kind.ts';

export interface SourceFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

/** Enough to tell what kind of file it is. */
const HEAD_BYTES = 32;

/** Looks at the file before anything is started, so that a slip of the keyboard costs no waiting. */
export async function checkSourceFile(given: string): Promise<SourceFile> {
  const path = pathFromHere(given);
  const found = await readStat(path);
  if (!found)
    throw new UsageError(`There is no file ${path}; give the path of a CSV file, such as samples/sample.csv.`);
  if (!found.isFile()) throw new UsageError(`${path} is a folder or a device; give the path of a CSV file.`);
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) throw new UsageError(`${path} can't be read: its permissions don't let this user.`);
  const kind = detectKind(await readHead(path));
  if (kind) throw new UsageError(`${path} is ${kind.name}, and no text. ${kind.wayOut}`);
  return { path, name: basename(path), size: found.size };
}

async function readHead(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES));
  return buffer.subarray(0, bytesRead);
}

async function readStat(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new UsageError(`${path} can't be opened: ${error.message}.`);
  });
}
