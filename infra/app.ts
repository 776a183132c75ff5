import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type Config } from './config.ts';
import { FUNCTIONS_FOLDER } from './constants.ts';
import { taskServiceApp } from './create-app.ts';

const root = join(import.meta.dirname, '..');

const dotEnv = join(root, '.env');
if (existsSync(dotEnv)) process.loadEnvFile(dotEnv);

const { app } = taskServiceApp({
  config: configured(),
  functionsFolder: join(root, FUNCTIONS_FOLDER),
  outdir: process.env['CDK_OUTDIR'] ?? join(root, 'cdk.out'),
  // The CDK's command line (synth, diff, deploy) tells its version. The local start runs this file without it, and is
  // spared the second that the checks take; they have no effect on the template.
  checked: process.env['CDK_CLI_VERSION'] !== undefined,
});
app.synth();

/** What is wrong with the variables is the person's to mend: they are told that, and no stack. */
function configured(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
