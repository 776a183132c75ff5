import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from './config.ts';
import { FUNCTIONS_FOLDER } from './constants.ts';
import { taskServiceApp } from './task-service-app.ts';

const root = join(import.meta.dirname, '..');

const dotEnv = join(root, '.env');
if (existsSync(dotEnv)) process.loadEnvFile(dotEnv);

const { app } = taskServiceApp({
  config: readConfig(process.env),
  functionsFolder: join(root, FUNCTIONS_FOLDER),
  outdir: process.env['CDK_OUTDIR'] ?? join(root, 'cdk.out'),
  // The CDK's command line (synth, diff, deploy) tells its version. The local start runs this file without it, and is
  // spared the second that the checks take; they have no effect on the template.
  checked: process.env['CDK_CLI_VERSION'] !== undefined,
});
app.synth();
