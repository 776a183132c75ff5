import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes descriptions of objects that a killed process had not finished. fauxqs writes the description as the last
 * step before it responds, so no caller has a response that the object is stored; but fauxqs refuses to start if a
 * description is not JSON. If the bytes of an object are missing or do not have the described length, fauxqs would
 * return an error or a part of the object. Such an object is removed too, and reported, because it may have been
 * stored.
 */
export function removeTornFiles(objectsDir: string, onDamage: (message: string) => void): void {
  if (!existsSync(objectsDir)) return;
  for (const entry of readdirSync(objectsDir, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    const description = readDescription(file);
    if (description === undefined) rmSync(file);
    else if (entry.name.endsWith('.meta.json')) removeDamaged(file, description, onDamage);
  }
}

interface Description {
  /** The key of an object; the part of an upload has none. */
  readonly key?: string;
  readonly contentLength?: number;
}

function removeDamaged(file: string, { key, contentLength }: Description, onDamage: (message: string) => void): void {
  const bytes = statSync(file.replace(/\.meta\.json$/, '.data'), { throwIfNoEntry: false })?.size;
  if (bytes !== undefined && (contentLength === undefined || contentLength === bytes)) return;
  rmSync(file);
  const found = bytes === undefined ? 'none' : String(bytes);
  if (key !== undefined)
    onDamage(`The object ${key} is damaged and was removed. It has ${found} of its ${contentLength} bytes.`);
}

function readDescription(file: string): Description | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Description;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
