/** Synthesizes the stack of the facts into `CDK_OUTDIR`, the same for the local cloud and for AWS. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { FactsStack } from './stack.ts';

const { CDK_OUTDIR: outdir, FACTS_STACK: stackName = 'aws-facts' } = process.env;
if (outdir === undefined) throw new Error('CDK_OUTDIR is missing. It is the folder that the app is synthesized to.');

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
  // Makes the CDK check the template by the rules of CloudFormation, so that a local run fails too where AWS would.
  const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
  const app = new App({ outdir, context, analyticsReporting: false });
  new FactsStack(app, stackName, {
    probeFolder,
    description: 'Facts of AWS on which the Task Service relies; created and deleted by its contract suite',
  });
  app.synth();
} finally {
  rmSync(probeFolder, { recursive: true });
}
