// `npm run deploy`, `diff` and `destroy`: the CDK's command of that name, once it is clear that there is an account to
// talk to. What else is given (`npm run deploy -- --require-approval never`) goes to the CDK.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { queueConcurrency } from '../infra/concurrency.ts';
import { readConfig } from '../infra/config.ts';
import { accountConcurrency, concurrencyWarning } from './account-concurrency.ts';
import { missingForAws } from './aws-access.ts';

const root = join(import.meta.dirname, '..');
const [command, ...given] = process.argv.slice(2);
// As the app itself does: settings may stand in .env.
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));

const lacks = await missingForAws(process.env.CDK_REGION);
if (lacks.length > 0) {
  console.error(
    `npm run ${command} talks to AWS, and this is missing:\n${lacks.map((lack) => `  - ${lack}`).join('\n')}`,
  );
  console.error('Nothing was changed. Without an account, npm start runs the whole service on this machine.');
  process.exit(1);
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

function configured() {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

if (command === 'deploy') {
  const config = configured();
  const account = accountConcurrency(config.CDK_REGION);
  const warning =
    'limit' in account
      ? concurrencyWarning(queueConcurrency(config), account.limit)
      : `Whether the account may run enough functions at once is not checked: ${account.unknown}.`;
  if (warning !== undefined) console.error(warning);
}

const status = run('node', ['scripts/build.mjs']) || run('cdk', [command, '--no-notices', ...given]);
if (status !== 0 && command === 'deploy') {
  console.error('If the account was never used with the CDK in this region, run once: npx cdk bootstrap');
}
process.exit(status);
