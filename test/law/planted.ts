import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** Writes a folder with the repository's lint settings and the given files. It is deleted when it goes out of scope. */
export async function plant(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'law-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    await copyFile(join(root, name), join(folder, name));
  }
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

export interface Verdict {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs `npm run law` on a planted folder. */
export const runImportLaw = (folder: string): Verdict =>
  run(process.execPath, [join(root, 'scripts', 'import-law.ts'), folder], root);

/** Runs `npm run words` on a planted folder. */
export const runWords = (folder: string): Verdict =>
  run(process.execPath, [join(root, 'scripts', 'words.ts'), folder], root);

/** Runs `npm run lint` on a planted folder. */
export const runLint = (folder: string): Verdict =>
  run(join(root, 'node_modules', '.bin', 'oxlint'), ['--format', 'unix'], folder);

function run(command: string, args: readonly string[], cwd: string): Verdict {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  return { exitCode: status, output: stdout + stderr };
}
