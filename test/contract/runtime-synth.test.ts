import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readStackTemplate, synth } from '../../local/synth.ts';

/** A project whose two steps are one line each. */
const PROJECT = {
  'src/handler.ts': 'one',
  'src/handler.test.ts': 'test',
  'scripts/build.mjs': `import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    mkdirSync('dist/functions', { recursive: true });
    writeFileSync('dist/functions/index.mjs', readFileSync('src/handler.ts'));`,
  'infra/app.ts': `import { readFileSync, writeFileSync } from 'node:fs';
    const Description = [process.env['CDK_ENV'], process.env['AWS_PROFILE'], readFileSync('dist/functions/index.mjs', 'utf8')].join();
    writeFileSync('cdk.out/app.template.json', JSON.stringify({ Description }));
    writeFileSync('cdk.out/manifest.json', JSON.stringify({ artifacts: {
      app: { type: 'aws:cloudformation:stack', properties: { templateFile: 'app.template.json' } },
      assets: { type: 'cdk:asset-manifest' } } }));`,
  'cdk.json': '{}',
  'package-lock.json': '{}',
};

const BUNDLING = 'Bundling the functions';
const SYNTHESIZING = 'Synthesizing the stack';

describe('bringing dist and cdk.out up to date', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'task-service-project-'));
    for (const folder of ['src', 'scripts', 'infra']) await mkdir(join(root, folder));
    for (const [file, text] of Object.entries(PROJECT)) await write(file, text);
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = (file: string, text: string) => writeFile(join(root, file), text);
  async function steps(env: NodeJS.ProcessEnv = {}): Promise<string[]> {
    const taken: string[] = [];
    await synth({ root, env: { ...process.env, ...env }, onStep: (title) => taken.push(title) });
    return taken;
  }
  const template = () => readStackTemplate(join(root, 'cdk.out'));

  it('runs both steps once', async () => {
    expect(await steps()).toEqual([BUNDLING, SYNTHESIZING]);
    expect(await steps()).toEqual([]);
    expect(await template()).toEqual({ Description: ',,one' });
  });

  it('runs both again when the source changes, and none when a test changes', async () => {
    await steps();
    await write('src/handler.test.ts', 'another test');
    expect(await steps()).toEqual([]);
    await write('src/handler.ts', 'two');
    expect(await steps()).toEqual([BUNDLING, SYNTHESIZING]);
    expect(await template()).toEqual({ Description: ',,two' });
  });

  it('synthesizes again for another configuration, and passes no other variable on', async () => {
    await steps({ CDK_ENV: 'dev', AWS_PROFILE: 'mine' });
    await steps({ CDK_ENV: 'prd', AWS_PROFILE: 'mine' });
    expect(await template()).toEqual({ Description: 'prd,,one' });
    await write('.env', 'CDK_ENV=qat');
    expect(await steps({ CDK_ENV: 'prd' })).toEqual([SYNTHESIZING]);
  });

  it('synthesizes again after another program changed the output', async () => {
    await steps();
    await write('cdk.out/app.template.json', '{}');
    expect(await steps()).toEqual([SYNTHESIZING]);
  });

  it('reports the output of a failed step, and runs it again the next time', async () => {
    await write('infra/app.ts', `throw new Error('no such stage');`);
    await expect(steps()).rejects.toThrow(/Synthesizing the stack failed \(node infra\/app.ts\):[^]*no such stage/);
    await expect(steps()).rejects.toThrow('no such stage');
  });

  it('refuses an app with more than one stack', async () => {
    await steps();
    const manifest = JSON.parse(await readFile(join(root, 'cdk.out/manifest.json'), 'utf8'));
    manifest.artifacts.second = manifest.artifacts.app;
    await write('cdk.out/manifest.json', JSON.stringify(manifest));
    await expect(template()).rejects.toThrow('has 2 stacks. The local cloud runs an app with exactly one');
  });
});
