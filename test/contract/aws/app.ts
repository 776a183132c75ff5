/** Synthesizes the stack of the facts into `CDK_OUTDIR`, for one machine and for AWS alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { FactsStack } from './stack.ts';

const { CDK_OUTDIR: outdir, FACTS_STACK: stackName = 'aws-facts' } = process.env;
if (outdir === undefined) throw new Error('Say in CDK_OUTDIR where the app is to be synthesized to.');

const probeFolder = mkdtempSync(join(tmpdir(), 'aws-facts-probe-'));
try {
  buildSync({
    entryPoints: { index: join(import.meta.dirname, 'probe.ts') },
    outdir: probeFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
  });
  // The CDK judges the template by CloudFormation's rules, and would only warn: a run on one machine is to find it too.
  const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
  const app = new App({ outdir, context, analyticsReporting: false });
  new FactsStack(app, stackName, {
    probeFolder,
    description: 'Facts of AWS that the Task Service leans on; made by its contract suite, which deletes it again',
  });
  app.synth();
} finally {
  rmSync(probeFolder, { recursive: true });
}
