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
  /** What it is said to print, line by line; `…` stands for anything. */
  readonly printed: readonly string[];
}

/** The commands of all console blocks, in order. A line behind a `$` is one, what follows it is its output. */
function commandsIn(markdown: string): readonly Command[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => `\n${block}`.split('\n$ ').slice(1))
    .map((one) => {
      const [line = '', ...printed] = one.split('\n');
      return { line, printed: printed.filter((each) => each.trim() !== '') };
    });
}

/** What is another one each time: ids, times, ports, speeds, places in a list. */
const VARYING: readonly (readonly [what: RegExp, name: string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'INSTANT'],
  [/127\.0\.0\.1:\d+/g, 'ADDRESS'],
  [/"rowsPerSecond":[\d.]+/g, 'SPEED'],
  [/cursor=[\w-]+/g, 'CURSOR'],
];
const masked = (line: string): string =>
  VARYING.reduce((masking, [what, name]) => masking.replaceAll(what, name), line);

const patternOf = (line: string): RegExp => new RegExp(`^${masked(line).split('…').map(literally).join('.*')}$`);

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The lines that were not printed, of those that should be, in order. Others may stand between them. */
function missingIn(printed: readonly string[], { printed: expected }: Command): readonly string[] {
  const rest = printed.map(masked);
  return expected.filter((line) => {
    const at = rest.findIndex((one) => patternOf(line).test(one));
    rest.splice(0, at + 1);
    return at < 0;
  });
}

/** Marks the end of a command's output, and how it ended. */
const END = '\u001E';

/**
 * Runs the commands in one shell, as a person pastes them, and gives for each its exit code and the lines that it
 * printed.
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

it('the commands of the README and of docs/api.md run as they stand there, one after the other, and print what is said', async () => {
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
