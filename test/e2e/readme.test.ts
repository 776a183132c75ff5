import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ServiceProcess } from './support/process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const WRITTEN_ADDRESS = 'http://127.0.0.1:8080';

interface Command {
  readonly line: string;
  /** The lines that the page says it prints. `…` matches anything. */
  readonly printed: readonly string[];
}

/** Returns the commands of all console blocks, in order. A line after a `$` is a command, and its output follows. */
function commandsIn(markdown: string): readonly Command[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => `\n${block}`.split('\n$ ').slice(1))
    .map((one) => {
      const [line = '', ...printed] = one.split('\n');
      return { line, printed: printed.filter((each) => each.trim() !== '') };
    });
}

/** The texts that differ in each run: ids, times, ports, speeds, cursors. */
const VARYING: readonly (readonly [what: RegExp, name: string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'INSTANT'],
  [/127\.0\.0\.1:\d+/g, 'ADDRESS'],
  [/"rowsPerSecond":[\d.]+/g, 'SPEED'],
  [/cursor=[\w-]+/g, 'CURSOR'],
];
const mask = (line: string): string => VARYING.reduce((masking, [what, name]) => masking.replaceAll(what, name), line);

const patternOf = (line: string): RegExp => new RegExp(`^${mask(line).split('…').map(escapePattern).join('.*')}$`);

const escapePattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Returns the expected lines that were not printed in order. Other lines may be printed between them. */
function missingIn(printed: readonly string[], { printed: expected }: Command): readonly string[] {
  const rest = printed.map(mask);
  return expected.filter((line) => {
    const at = rest.findIndex((one) => patternOf(line).test(one));
    rest.splice(0, at + 1);
    return at < 0;
  });
}

/** Marks the end of a command's output. Its exit code follows. */
const END = '\u001E';

/**
 * Runs the commands in one shell, as a reader would paste them. Resolves to the exit code and the printed lines of
 * each.
 */
async function paste(commands: readonly Command[], folder: string) {
  const script = commands.map(({ line }) => `${line}\nprintf '\\n${END}%s\\n' "$?"`).join('\n');
  const shell = spawn('bash', ['-o', 'pipefail'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(shell, 'close');
  shell.stdin.end(script);
  const printed = await text(shell.stdout);
  await ended;
  const parts = printed.split(new RegExp(`\\n${END}(\\d+)\\n`));
  return commands.map((command, index) => ({
    command,
    code: Number(parts[2 * index + 1]),
    lines: (parts[2 * index] ?? '').split(/\r?\n/),
  }));
}

let folder: string;
let service: ServiceProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-service-readme-'));
  await symlink(join(ROOT, 'samples'), join(folder, 'samples'));
  service = new ServiceProcess('--port', '0', '--data-dir', join(folder, '.local'));
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const commandsOf = async (page: string): Promise<readonly Command[]> =>
  commandsIn((await readFile(join(ROOT, page), 'utf8')).replaceAll(WRITTEN_ADDRESS, await service.baseUrl()));

it('npm start prints what the README says', async () => {
  const start = (await commandsOf('README.md')).find(({ line }) => line === 'npm start')!;
  expect(missingIn(service.printed.split('\n'), start)).toEqual([]);
});

it('the commands of the README and of docs/api.md run one after the other, and print what the pages say', async () => {
  const commands = [...(await commandsOf('README.md')), ...(await commandsOf('docs/api.md'))];
  const pasted = commands.filter(({ line }) => !line.startsWith('npm '));
  expect(pasted.length).toBeGreaterThan(15);
  for (const { command, code, lines } of await paste(pasted, folder)) {
    const missing = missingIn(lines, command);
    expect({ command: command.line, code, missing, printed: missing.length > 0 ? lines : [] }).toEqual({
      command: command.line,
      code: 0,
      missing: [],
      printed: [],
    });
  }
});
