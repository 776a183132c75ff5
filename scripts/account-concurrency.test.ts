import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queueConcurrency } from '../infra/concurrency.ts';
import { readConfig } from '../infra/config.ts';
import { accountConcurrency, concurrencyWarning } from './account-concurrency.ts';

describe('the concurrency of the account', () => {
  const { PATH } = process.env;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aws-command-'));
    process.env['PATH'] = folder;
  });
  afterAll(() => {
    process.env['PATH'] = PATH;
    rmSync(folder, { recursive: true });
  });

  /** Installs a script in place of the AWS command line. */
  const install = (script: string): void => {
    writeFileSync(join(folder, 'aws'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'aws'), 0o755);
  };

  it('is unknown without the AWS command line', () => {
    expect(accountConcurrency(undefined)).toEqual({ unknown: expect.stringContaining('did not start') });
  });

  it('is what the command line returns for the region', () => {
    install('[ "$1 $2 $8" = "lambda get-account-settings eu-central-1" ] && echo 1000');
    expect(accountConcurrency('eu-central-1')).toEqual({ limit: 1_000 });
  });

  it.each([
    ['is refused', 'echo AccessDeniedException >&2; exit 254', 'AccessDeniedException'],
    ['returns nothing', 'echo None', 'None'],
  ])('is unknown if the command line %s, and says why', (_what, script, why) => {
    install(script);
    expect(accountConcurrency(undefined)).toEqual({ unknown: `aws returned: ${why}` });
  });
});

describe('a deployment', () => {
  const atOnce = (variables: NodeJS.ProcessEnv) => queueConcurrency(readConfig(variables));

  it('fits its busy queues into the ten executions of a new account by default, and warns that none are left for callers', () => {
    expect(atOnce({})).toEqual({ queues: 9, deadLetters: 6 });
    expect(concurrencyWarning(atOnce({}), 10)).toMatch(/may run 10 functions.* 9 of them, and 6 more.*\n.*L-B99A9384/);
  });

  it('does not warn if there is room for callers too', () => {
    expect(concurrencyWarning(atOnce({}), 25)).toBeUndefined();
    expect(concurrencyWarning(atOnce({}), 24)).toBeDefined();
    const large = { CDK_UPLOAD_TASK_CONCURRENCY: '10', CDK_CREATE_TASK_CONCURRENCY: '1000' };
    expect(concurrencyWarning(atOnce(large), 1_000)).toContain('1012 of them');
  });
});
