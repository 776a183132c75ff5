import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLock } from './data-folder/folder-lock.ts';

/**
 * Enough for another process to bundle and synthesize, also on a slow machine. One that dies gives the lock free at
 * once.
 */
const LOCK_WAIT_MS = 15 * 60_000;

/**
 * The variables that configure the deployment. The steps get no others of the caller's, so that none goes unnoticed.
 */
const CONFIGURATION = /^(?:CDK_(?!OUTDIR|CONTEXT|CLI|DEFAULT|DEBUG)[A-Z_]+|ROWS_PER_MESSAGE|TOLERATED_FAILURE_[A-Z]+)$/;

/** What a child process needs to run at all. */
const MACHINE = ['PATH', 'HOME', 'TMPDIR', 'ESBUILD_BINARY_PATH'];

interface Step {
  readonly title: string;
  readonly script: string;
  /** Where the step writes, and leaves its stamp. */
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
  // An asset's name is the hash of its content.
  outputs: ['cdk.out/*.json', 'cdk.out/asset.*'],
};

export interface SynthOptions {
  /** The project's folder. */
  readonly root: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Hears the name of each step that has to run. */
  readonly onStep?: ((title: string) => void) | undefined;
}

/**
 * Brings `dist/` and `cdk.out/` up to date and answers the latter's path. A step whose inputs and outputs are what they
 * were after its last run is skipped.
 */
export function synth(options: SynthOptions): Promise<string> {
  // The lock keeps out other processes, and blocks this one: two calls at once would wait for each other.
  const turn = last.then(() => bringUpToDate(options));
  last = turn.catch(() => undefined);
  return turn;
}

let last: Promise<unknown> = Promise.resolve();

async function bringUpToDate({ root, env = process.env, onStep }: SynthOptions): Promise<string> {
  for (const step of [BUNDLE, SYNTHESIZE]) {
    // Two starts at once, such as two test files: the second finds all up to date.
    using lock = FolderLock.take(join(root, step.outputFolder, '.lock'), LOCK_WAIT_MS);
    if (!lock)
      throw new Error(`${step.title}: another process has been at it for a quarter of an hour; end it and try again.`);
    if (isUpToDate(root, step, env)) continue;
    onStep?.(step.title);
    rmSync(stampFile(root, step), { force: true });
    await run(root, step, env);
    writeFileSync(stampFile(root, step), stamp(root, step, env));
  }
  return join(root, SYNTHESIZE.outputFolder);
}

/** The template of the app's one stack. By the manifest: templates of other configurations may lie beside it. */
export async function readStackTemplate(assemblyFolder: string): Promise<object> {
  const manifest: Manifest = JSON.parse(await readFile(join(assemblyFolder, 'manifest.json'), 'utf8'));
  const stacks = Object.values(manifest.artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
  const file = stacks[0]?.properties?.templateFile;
  if (stacks.length !== 1 || file === undefined) {
    throw new Error(`${assemblyFolder} has ${stacks.length} stacks; the local cloud runs an app of exactly one.`);
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

/** Of the outputs too: `npm run synth` with another configuration writes to the same folder. */
function stamp(root: string, step: Step, env: NodeJS.ProcessEnv): string {
  const settings = Object.entries(configuration(env)).map(([name, value]) => `${name}=${value}`);
  const inputs = [contentOf(root, step.inputs), settings.toSorted().join('\n'), process.version];
  return `${hash('sha256', inputs.join('\n'))} ${hash('sha256', contentOf(root, step.outputs))}\n`;
}

/** Names, and the contents of files; tests apart, they are no part of what is built. */
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
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`${step.title} failed (node ${step.script}):\n${said.trim()}`);
}
