import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes descriptions of objects that a killed process had not finished writing. fauxqs writes them as its last step
 * before it answers, so nobody was told that the object is stored; but it refuses to start over one that is no JSON.
 */
export function dropTornFiles(objectsDir: string): void {
  if (!existsSync(objectsDir)) return;
  for (const entry of readdirSync(objectsDir, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name.endsWith('.json') && !isJson(file)) rmSync(file);
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
