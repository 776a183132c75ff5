import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { importObjectFiles, type ObjectFiles } from '../gate/s3/object-files.ts';

/**
 * Lets an object take the place of an older one as a whole. fauxqs writes the bytes into the old file and the
 * description after them: a process that is killed in between, or finds the disk full, would leave new bytes, or half
 * of them, under the old ETag, and a file that is being split would go on in a source that is another one.
 */
export async function writeObjectsWhole(): Promise<void> {
  const { prototype } = await importObjectFiles();
  const { upsertObject: write } = prototype;
  prototype.upsertObject = function upsertObject(this: ObjectFiles, bucket, object) {
    const aside = asideOf(this.baseDir);
    try {
      write.call(Object.assign(Object.create(this) as ObjectFiles, { bucketsDir: aside }), bucket, object);
      move(aside, this.bucketsDir);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  };
}

/**
 * Ends what a killed process was doing: an object whose bytes were in their place gets its description, others never
 * were.
 */
export function finishObjects(objectsDir: string): void {
  const aside = asideOf(objectsDir);
  const isMoving = filesOf(aside).every((file) => !file.endsWith('.data'));
  if (isMoving) move(aside, join(objectsDir, 'buckets'));
  rmSync(aside, { recursive: true, force: true });
}

const asideOf = (objectsDir: string): string => join(objectsDir, '_aside');

/** By their names bytes come before their description. */
function move(from: string, to: string): void {
  for (const file of filesOf(from)) {
    const target = join(to, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    renameSync(file, target);
  }
}

function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
