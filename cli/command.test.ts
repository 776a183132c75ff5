import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const COMMANDS = {
  'npm start --': 'local/main.ts',
  'npm run demo --': 'cli/demo.ts',
  'npm run verify --': 'cli/verify.ts',
  'npm run plan --': 'cli/plan.ts',
  'npm run bench --': 'bench/main.ts',
  'npm run chaos --': 'test/chaos/main.ts',
} as const;

function call(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const path = join(import.meta.dirname, '..', file);
  const ended = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr.trimEnd() };
}

const A_SENTENCE = { status: 2, stdout: '' };

it.each(Object.entries(COMMANDS))('%s refuses an unknown option in one line, with exit code 2', (name, file) => {
  const required = name === 'npm run plan --' ? ['--rows', '1'] : [];
  expect(call(file, [...required, '--yaml'])).toEqual({ ...A_SENTENCE, stderr: "error: unknown option '--yaml'" });
});

describe('an option that npm took for itself', () => {
  const plan = (args: readonly string[], script = 'plan') =>
    call(COMMANDS['npm run plan --'], args, {
      npm_lifecycle_event: script,
      npm_config_json: 'true',
      npm_config_rows: 'true',
    });

  it('is refused by its name', () => {
    expect(plan(['5'])).toEqual({
      ...A_SENTENCE,
      stderr:
        'npm took --rows and --json for itself. Write the options of this command after two hyphens: npm run plan -- --rows --json …',
    });
  });

  it('is not refused if the command has it too, or if another script was called', () => {
    expect(plan(['--rows=1', '--json']).status).toBe(0);
    expect(plan(['--rows', '1'], 'demo').status).toBe(0);
  });
});

it('an unreachable service is reported in a sentence', () => {
  const { status, stderr } = call(COMMANDS['npm run verify --'], ['some-id', '--url', 'http://127.0.0.1:1']);
  expect([status, stderr.split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain('Is the service running there?');
});
