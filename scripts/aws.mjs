// `npm run deploy`, `diff` and `destroy` run the CDK's command of that name, after a check that an account is
// configured. Further arguments (`npm run deploy -- --require-approval never`) go to the CDK.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { queueConcurrency } from '../infra/concurrency.ts';
import { readConfig } from '../infra/config.ts';
import { accountConcurrency, concurrencyWarning } from './account-concurrency.ts';
import { findMissingForAws } from './aws-access.ts';

const root = join(import.meta.dirname, '..');
const [command, ...given] = process.argv.slice(2);
// The app does the same: settings may be in .env.
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));

const missing = await findMissingForAws(process.env.CDK_REGION);
if (missing.length > 0) {
  console.error(`npm run ${command} calls AWS, and this is missing:\n${missing.map((one) => `  - ${one}`).join('\n')}`);
  console.error('Nothing was changed. Without an AWS account, npm start runs the whole service on this machine.');
  process.exit(1);
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

function readConfigOrExit() {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

if (command === 'deploy') {
  const config = readConfigOrExit();
  const account = accountConcurrency(config.CDK_REGION);
  const warning =
    'limit' in account
      ? concurrencyWarning(queueConcurrency(config), account.limit)
      : `It is unknown whether the account may run enough functions at once: ${account.unknown}.`;
  if (warning !== undefined) console.error(warning);
}

const status = run('node', ['scripts/build.mjs']) || run('cdk', [command, '--no-notices', ...given]);
if (status !== 0 && command === 'deploy') {
  console.error('If the CDK was never used with this account and region, run once: npx cdk bootstrap');
}
process.exit(status);
