// Holds every import of the repository, or of the folder given, against the law in law/rooms.ts.
import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { importsOf } from './law/imports.ts';
import { judge } from './law/judge.ts';

const root = process.argv[2] ?? join(import.meta.dirname, '..');
const written = new Set(['node_modules', 'dist', 'cdk.out', 'coverage']);

const violations: string[] = [];
let fileCount = 0;
for await (const path of glob('**/*.{ts,mts,mjs,js}', { cwd: root, exclude: (name) => written.has(name) })) {
  fileCount += 1;
  violations.push(...judge(path.split(sep).join('/'), await importsOf(join(root, path))));
}

for (const violation of violations) console.error(violation);
console.error(`Import law: ${fileCount} files, ${violations.length} violations.`);
process.exitCode = violations.length === 0 ? 0 : 1;
