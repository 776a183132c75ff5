/** Synthesizes the stack of the facts into `CDK_OUTDIR`, the same for one machine and for AWS. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { FactsStack } from './stack.ts';

const { CDK_OUTDIR: outdir, FACTS_STACK: stackName = 'aws-facts' } = process.env;
if (outdir === undefined) throw new Error('CDK_OUTDIR is not set. Set it to the folder for the synthesized app.');

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
  // The CDK checks the template by CloudFormation's rules, and only warns by default. A run on one machine should fail.
  const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
  const app = new App({ outdir, context, analyticsReporting: false });
  new FactsStack(app, stackName, {
    probeFolder,
    description:
      'Facts of AWS on which the Task Service relies. Its contract suite creates this stack, and deletes it.',
  });
  app.synth();
} finally {
  rmSync(probeFolder, { recursive: true });
}
