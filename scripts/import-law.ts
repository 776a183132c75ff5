// Checks every import and every folder of the repository, or of the given folder, against the law in law/rooms.ts.
import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readImports } from './law/imports.ts';
import { checkImports, checkFolders } from './law/check.ts';

const root = process.argv[2] ?? join(import.meta.dirname, '..');
const generated = new Set(['node_modules', 'dist', 'cdk.out', 'coverage']);

const violations: string[] = [];
const files: string[] = [];
for await (const path of glob('**/*.{ts,mts,mjs,js}', { cwd: root, exclude: (name) => generated.has(name) })) {
  const file = path.split(sep).join('/');
  files.push(file);
  violations.push(...checkImports(file, await readImports(join(root, path))));
}
violations.push(...checkFolders(files));

for (const violation of violations) console.error(violation);
console.error(`Import law: ${files.length} files, ${violations.length} violations.`);
process.exitCode = violations.length === 0 ? 0 : 1;
