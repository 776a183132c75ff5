import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importObjectFiles, type ObjectFiles } from '../gate/s3/object-files.ts';
import { placeOf } from '../gate/s3/object-place.ts';

const META = '.meta.json';
const DATA = '.data';

/** Gives every key a file of its own. fauxqs makes the path of the key itself: some keys have none, some share one. */
export async function placeObjects(): Promise<void> {
  const { prototype } = await importObjectFiles();
  const { upsertObject: write, readBody: read, deleteObject: remove } = prototype;
  prototype.upsertObject = function upsertObject(this: ObjectFiles, bucket, object) {
    const place = placeOf(object.key);
    write.call(this, bucket, { ...object, key: place });
    if (place !== object.key) nameKey(join(folderOf(this, bucket), place + META), object.key);
  };
  prototype.readBody = function readBody(this: ObjectFiles, bucket, key) {
    return read.call(this, bucket, placeOf(key));
  };
  prototype.deleteObject = function deleteObject(this: ObjectFiles, bucket, key) {
    remove.call(this, bucket, placeOf(key));
  };
}

const folderOf = ({ bucketsDir }: ObjectFiles, bucket: string): string => join(bucketsDir, bucket, 'objects');

function nameKey(file: string, key: string): void {
  const description = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...description, key }));
}

/**
 * Moves objects to their places that were stored under paths made of their keys. A killed process goes on at its next
 * start.
 */
export function moveToPlaces(objectsDir: string): void {
  const buckets = join(objectsDir, 'buckets');
  if (!existsSync(buckets)) return;
  for (const bucket of readdirSync(buckets)) {
    const folder = join(buckets, bucket, 'objects');
    for (const file of descriptionsIn(folder)) {
      const key = keyIn(file);
      if (key !== undefined) move(file.slice(0, -META.length), join(folder, placeOf(key)));
    }
  }
}

function descriptionsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(META))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Undefined for a description that a killed process had not finished, which is dropped elsewhere. */
function keyIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly key?: string }).key;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The description comes last: it tells that the object is still to be moved. */
function move(from: string, to: string): void {
  if (from === to) return;
  mkdirSync(dirname(to), { recursive: true });
  for (const ending of [DATA, META]) if (existsSync(from + ending)) renameSync(from + ending, to + ending);
}
