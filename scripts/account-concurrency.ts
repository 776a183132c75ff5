import { spawnSync } from 'node:child_process';
import type { QueueConcurrency } from '../infra/concurrency.ts';

/** The executions that are left for the API and the sweep, so that callers are served while every queue is busy. */
const LEFT_FOR_CALLERS = 10;

/**
 * Asks the AWS command line how many functions the account may run at once in the region. Without the command line, or
 * without the right `lambda:GetAccountSettings`, it returns why that is unknown, and the deployment continues.
 */
export function accountConcurrency(
  region: string | undefined,
): { readonly limit: number } | { readonly unknown: string } {
  const args = ['lambda', 'get-account-settings', '--query', 'AccountLimit.ConcurrentExecutions', '--output', 'text'];
  const { error, status, stdout, stderr } = spawnSync('aws', [...args, ...(region ? ['--region', region] : [])], {
    encoding: 'utf8',
    env: process.env,
  });
  if (error) return { unknown: `the AWS command line did not start (${error.message})` };
  const limit = Number(stdout);
  return status === 0 && limit > 0 ? { limit } : { unknown: `aws returned: ${(stderr || stdout).trim()}` };
}

/** Returns a warning before a deployment to an account with this limit; undefined if the limit is high enough. */
export function concurrencyWarning({ queues, deadLetters }: QueueConcurrency, limit: number): string | undefined {
  if (limit >= queues + deadLetters + LEFT_FOR_CALLERS) return undefined;
  return (
    `The account may run ${limit} functions at once. The queues of this stack may take ${queues} of them, and ${deadLetters} more ` +
    'while dead letters are read. When none are left, calls of the API fail and messages wait. Request more, which is free:\n' +
    '  aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000\n' +
    'or lower CDK_UPLOAD_TASK_CONCURRENCY and CDK_CREATE_TASK_CONCURRENCY.'
  );
}
