import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type Config } from './config.ts';
import { FUNCTIONS_FOLDER } from './constants.ts';
import { createTaskServiceApp } from './create-app.ts';

const root = join(import.meta.dirname, '..');

const dotEnv = join(root, '.env');
if (existsSync(dotEnv)) process.loadEnvFile(dotEnv);

const { app } = createTaskServiceApp({
  config: readConfigOrExit(),
  functionsFolder: join(root, FUNCTIONS_FOLDER),
  outdir: process.env['CDK_OUTDIR'] ?? join(root, 'cdk.out'),
  // The CDK's command line (synth, diff, deploy) sets this variable. The local start runs this file without it, and
  // saves the second that the checks take. They have no effect on the template.
  checked: process.env['CDK_CLI_VERSION'] !== undefined,
});
app.synth();

/** Wrong variables are the operator's to correct, so the message comes without a stack. */
function readConfigOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
