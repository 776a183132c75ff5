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

/** Enough bytes to detect the kind of the file. */
const HEAD_BYTES = 32;

/** Checks the file before anything starts, so that a mistyped path costs no waiting. */
export async function checkSourceFile(given: string): Promise<SourceFile> {
  const path = pathFromHere(given);
  const found = await readStat(path);
  if (!found)
    throw new UsageError(`There is no file ${path}. Give the path of a CSV file, such as samples/sample-1000.csv.`);
  if (!found.isFile()) throw new UsageError(`${path} is a folder or a device. Give the path of a CSV file.`);
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) throw new UsageError(`${path} cannot be read: its permissions do not allow it to this user.`);
  const kind = detectKind(await readHead(path));
  if (kind) throw new UsageError(`${path} is ${kind.name}, not text. ${kind.wayOut}`);
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
    throw new UsageError(`${path} cannot be opened: ${error.message}.`);
  });
}
