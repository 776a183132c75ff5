import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importObjectFiles, type ObjectFiles } from '../gate/s3/object-files.ts';
import { toSafePath } from '../gate/s3/safe-path.ts';

const META = '.meta.json';
const DATA = '.data';

/**
 * Gives every key a file of its own. fauxqs uses the key itself as the path: some keys are no path, and some share one.
 */
export async function useSafePaths(): Promise<void> {
  const { prototype } = await importObjectFiles();
  const { upsertObject: write, readBody: read, deleteObject: remove } = prototype;
  prototype.upsertObject = function upsertObject(this: ObjectFiles, bucket, object) {
    const path = toSafePath(object.key);
    write.call(this, bucket, { ...object, key: path });
    if (path !== object.key) writeKey(join(toFolder(this, bucket), path + META), object.key);
  };
  prototype.readBody = function readBody(this: ObjectFiles, bucket, key) {
    return read.call(this, bucket, toSafePath(key));
  };
  prototype.deleteObject = function deleteObject(this: ObjectFiles, bucket, key) {
    remove.call(this, bucket, toSafePath(key));
  };
}

const toFolder = ({ bucketsDir }: ObjectFiles, bucket: string): string => join(bucketsDir, bucket, 'objects');

function writeKey(file: string, key: string): void {
  const description = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...description, key }));
}

/** Moves objects that were stored under their keys to safe paths. After a crash the next start continues. */
export function moveToSafePaths(objectsDir: string): void {
  const buckets = join(objectsDir, 'buckets');
  if (!existsSync(buckets)) return;
  for (const bucket of readdirSync(buckets)) {
    const folder = join(buckets, bucket, 'objects');
    for (const file of findDescriptions(folder)) {
      const key = readKey(file);
      if (key !== undefined) move(file.slice(0, -META.length), join(folder, toSafePath(key)));
    }
  }
}

function findDescriptions(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(META))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Returns undefined for a description that a killed process had not finished. Another step removes it. */
function readKey(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly key?: string }).key;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Moves the description last: as long as it is at the old path, the object still has to be moved. */
function move(from: string, to: string): void {
  if (from === to) return;
  mkdirSync(dirname(to), { recursive: true });
  for (const ending of [DATA, META]) if (existsSync(from + ending)) renameSync(from + ending, to + ending);
}
