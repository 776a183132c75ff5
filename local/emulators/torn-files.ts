import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes descriptions of objects that a killed process had not finished writing. fauxqs writes them as its last step
 * before it answers, so nobody was told that the object is stored; but it refuses to start over one that is no JSON. Of
 * an object whose bytes are not those that its description tells of, it would answer an error, or half of it: it is
 * removed too, and named, because it may have been stored.
 */
export function dropTornFiles(objectsDir: string, onDamage: (message: string) => void): void {
  if (!existsSync(objectsDir)) return;
  for (const entry of readdirSync(objectsDir, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    const description = parsed(file);
    if (description === undefined) rmSync(file);
    else if (entry.name.endsWith('.meta.json')) dropDamaged(file, description, onDamage);
  }
}

interface Description {
  /** Of an object; a part of an upload has none. */
  readonly key?: string;
  readonly contentLength?: number;
}

function dropDamaged(file: string, { key, contentLength }: Description, onDamage: (message: string) => void): void {
  const bytes = statSync(file.replace(/\.meta\.json$/, '.data'), { throwIfNoEntry: false })?.size;
  if (bytes !== undefined && (contentLength === undefined || contentLength === bytes)) return;
  rmSync(file);
  const found = bytes === undefined ? 'none' : String(bytes);
  if (key !== undefined)
    onDamage(`The object ${key} is damaged and left out: of its ${contentLength} bytes there are ${found}.`);
}

function parsed(file: string): Description | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Description;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
