import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLock } from './data-folder/folder-lock.ts';

/**
 * Long enough for another process to bundle and synthesize, also on a slow machine. The lock of a process that dies is
 * released at once.
 */
const LOCK_WAIT_MS = 15 * 60_000;

/**
 * The variables that configure the deployment. The steps get no other variables of the caller, so every variable that
 * changes the result is part of the stamp.
 */
const CONFIGURATION = /^(?:CDK_(?!OUTDIR|CONTEXT|CLI|DEFAULT|DEBUG)[A-Z_]+|ROWS_PER_MESSAGE|TOLERATED_FAILURE_[A-Z]+)$/;

/** What a child process needs to run at all. */
const MACHINE = ['PATH', 'HOME', 'TMPDIR', 'ESBUILD_BINARY_PATH'];

interface Step {
  readonly title: string;
  readonly script: string;
  /** The folder that the step writes to, and that holds its stamp. */
  readonly outputFolder: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const BUNDLE: Step = {
  title: 'Bundling the functions',
  script: 'scripts/build.mjs',
  outputFolder: 'dist',
  inputs: ['src/**', 'scripts/build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'],
  outputs: ['dist/functions/**'],
};

const SYNTHESIZE: Step = {
  title: 'Synthesizing the stack',
  script: 'infra/app.ts',
  outputFolder: 'cdk.out',
  inputs: [...BUNDLE.outputs, 'infra/**', 'src/contract/**', 'cdk.json', 'package-lock.json', '.env'],
  // The name of an asset is the hash of its content.
  outputs: ['cdk.out/*.json', 'cdk.out/asset.*'],
};

export interface SynthOptions {
  /** The project's folder. */
  readonly root: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Receives the title of each step that has to run. */
  readonly onStep?: ((title: string) => void) | undefined;
}

/**
 * Brings `dist/` and `cdk.out/` up to date and returns the path of `cdk.out/`. Skips a step if its inputs and outputs
 * have not changed since its last run.
 */
export function synth(options: SynthOptions): Promise<string> {
  // The lock keeps out other processes, but blocks this thread: two calls at once would wait for each other.
  const result = last.then(() => bringUpToDate(options));
  last = result.catch(() => undefined);
  return result;
}

let last: Promise<unknown> = Promise.resolve();

async function bringUpToDate({ root, env = process.env, onStep }: SynthOptions): Promise<string> {
  for (const step of [BUNDLE, SYNTHESIZE]) {
    // Of two processes that start at once, such as two test files, the second finds everything up to date.
    using lock = FolderLock.take(join(root, step.outputFolder, '.lock'), LOCK_WAIT_MS);
    if (!lock)
      throw new Error(
        `${step.title}: another process has been doing this for a quarter of an hour. End it and try again.`,
      );
    if (isUpToDate(root, step, env)) continue;
    onStep?.(step.title);
    rmSync(stampFile(root, step), { force: true });
    await run(root, step, env);
    writeFileSync(stampFile(root, step), stamp(root, step, env));
  }
  return join(root, SYNTHESIZE.outputFolder);
}

/**
 * Reads the template of the app's one stack. The manifest names it, because templates of other configurations may be in
 * the same folder.
 */
export async function readStackTemplate(assemblyFolder: string): Promise<object> {
  const manifest: Manifest = JSON.parse(await readFile(join(assemblyFolder, 'manifest.json'), 'utf8'));
  const stacks = Object.values(manifest.artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
  const file = stacks[0]?.properties?.templateFile;
  if (stacks.length !== 1 || file === undefined) {
    throw new Error(`${assemblyFolder} has ${stacks.length} stacks. The local cloud runs an app with exactly one.`);
  }
  return JSON.parse(await readFile(join(assemblyFolder, file), 'utf8'));
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly type: string; readonly properties?: { readonly templateFile?: string } }>
  >;
}

function isUpToDate(root: string, step: Step, env: NodeJS.ProcessEnv): boolean {
  const file = stampFile(root, step);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp(root, step, env);
}

/**
 * Hashes inputs and outputs. The outputs count too, because `npm run synth` with another configuration writes to the
 * same folder.
 */
function stamp(root: string, step: Step, env: NodeJS.ProcessEnv): string {
  const settings = Object.entries(configuration(env)).map(([name, value]) => `${name}=${value}`);
  const inputs = [contentOf(root, step.inputs), settings.toSorted().join('\n'), process.version];
  return `${hash('sha256', inputs.join('\n'))} ${hash('sha256', contentOf(root, step.outputs))}\n`;
}

/** Returns names and hashes of the files. Tests are left out, because they do not change the result. */
function contentOf(root: string, patterns: readonly string[]): string {
  const hashOf = (file: string): string => (statSync(file).isFile() ? hash('sha256', readFileSync(file)) : 'folder');
  return globSync([...patterns], { cwd: root, exclude: ['**/*.test.ts'] })
    .toSorted()
    .map((file) => `${file} ${hashOf(join(root, file))}`)
    .join('\n');
}

const stampFile = (root: string, step: Step): string => join(root, step.outputFolder, '.stamp');

const configuration = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => CONFIGURATION.test(name)));

async function run(root: string, step: Step, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(join(root, step.outputFolder), { recursive: true });
  const machine = Object.fromEntries(MACHINE.map((name) => [name, env[name]]));
  const child = spawn(process.execPath, [step.script], {
    cwd: root,
    env: { ...machine, ...configuration(env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`${step.title} failed (node ${step.script}):\n${output.trim()}`);
}
