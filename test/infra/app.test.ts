import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const bin = join(root, 'node_modules', '.bin');
const TEMPLATE = 'fan-out-fan-in-dev.template.json';

const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  HOME: process.env['HOME'],
  PATH: [bin, process.env['PATH']].join(delimiter),
  CDK_ENV: 'dev',
  CDK_APP_NAME: 'fan-out-fan-in',
  ...more,
});

const template = async (folder: string): Promise<unknown> => JSON.parse(await readFile(join(folder, TEMPLATE), 'utf8'));

/** These tests need the bundled functions, which `npm test` builds before. */
describe('the app', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'task-service-app-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('synthesizes the same when run alone, as by the local start, and by the CDK, whose checks it passes', async () => {
    const alone = join(folder, 'alone');
    const byCommandLine = join(folder, 'by-command-line');
    await Promise.all([
      run(process.execPath, ['infra/app.ts'], { cwd: root, env: environment({ CDK_OUTDIR: alone }) }),
      run(join(bin, 'cdk'), ['synth', '--quiet', '--no-notices', '--output', byCommandLine], {
        cwd: root,
        env: environment({ CDK_DISABLE_CLI_TELEMETRY: 'true' }),
      }),
    ]);

    expect(await template(alone)).toEqual(await template(byCommandLine));
  });

  it('ends with what is wrong with its variables and what is allowed, without a stack trace', async () => {
    const env = environment({ CDK_OUTDIR: folder, CDK_ENV: 'live', ROWS_PER_MESSAGE: '0' });
    await expect(run(process.execPath, ['infra/app.ts'], { cwd: root, env })).rejects.toMatchObject({
      code: 1,
      stderr: [
        'The deployment is configured wrongly (.env.example explains each variable):',
        '  CDK_ENV="live": must be dev, qat or prd',
        '  ROWS_PER_MESSAGE="0": must be at least 1',
        '',
      ].join('\n'),
    });
  });
});
