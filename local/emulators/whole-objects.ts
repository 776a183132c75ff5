import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { importObjectFiles, type ObjectFiles } from '../gate/s3/object-files.ts';

/**
 * Replaces an object as a whole. fauxqs overwrites the bytes and then the description. A process that is killed in
 * between, or finds the disk full, would leave new or partial bytes under the old ETag, and the splitter would continue
 * in a different source.
 */
export async function writeObjectsWhole(): Promise<void> {
  const { prototype } = await importObjectFiles();
  const { upsertObject: write } = prototype;
  prototype.upsertObject = function upsertObject(this: ObjectFiles, bucket, object) {
    const aside = toAsideFolder(this.baseDir);
    try {
      write.call(Object.assign(Object.create(this) as ObjectFiles, { bucketsDir: aside }), bucket, object);
      move(aside, this.bucketsDir);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  };
}

/**
 * Finishes what a killed process was doing. An object whose bytes were already moved gets its description; others are
 * dropped.
 */
export function finishObjects(objectsDir: string): void {
  const aside = toAsideFolder(objectsDir);
  const isMoving = listFiles(aside).every((file) => !file.endsWith('.data'));
  if (isMoving) move(aside, join(objectsDir, 'buckets'));
  rmSync(aside, { recursive: true, force: true });
}

const toAsideFolder = (objectsDir: string): string => join(objectsDir, '_aside');

/** Moves the files in the order of their names, so that the bytes are moved before their description. */
function move(from: string, to: string): void {
  for (const file of listFiles(from)) {
    const target = join(to, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    renameSync(file, target);
  }
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
