import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { readConfig } from '../../infra/config.ts';
import { createTaskServiceApp } from '../../infra/create-app.ts';
import { FUNCTION_NAMES } from '../../src/contract/index.ts';
import type { Resource } from './template.ts';

const plantFunctions = (folder: string): void => {
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
};

/** Synthesizes the app with these environment variables, with functions that do nothing. */
export function synthesize(variables: NodeJS.ProcessEnv = {}, { checked = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'task-service-infra-'));
  try {
    const functionsFolder = join(folder, 'functions');
    plantFunctions(functionsFolder);
    const outdir = join(folder, 'cdk.out');
    const { app, stack } = createTaskServiceApp({ config: readConfig(variables), functionsFolder, outdir, checked });
    const artifact = app.synth().getStackByName(stack.stackName);
    return {
      stackName: stack.stackName,
      terminationProtection: artifact.terminationProtection,
      template: Template.fromJSON(artifact.template),
      resources: artifact.template.Resources as Readonly<Record<string, Resource>>,
      report: checked ? readReport(join(outdir, 'validation-report.json')) : undefined,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations: readonly unknown[];
    readonly suppressedViolations?: readonly { readonly acknowledgedId: string; readonly reason: string }[];
  }[];
}

const readReport = (path: string): ValidationReport => JSON.parse(readFileSync(path, 'utf8')) as ValidationReport;
