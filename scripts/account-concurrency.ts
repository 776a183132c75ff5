import { spawnSync } from 'node:child_process';
import type { QueueConcurrency } from '../infra/concurrency.ts';

/** Executions for the API and the sweep, so that callers are served while every queue is busy. */
const LEFT_FOR_CALLERS = 10;

/**
 * How many functions the account may run at once in the region, by the AWS command line; or why that is unknown.
 * Whoever deploys without the command line or the right `lambda:GetAccountSettings` deploys all the same.
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
  return status === 0 && limit > 0 ? { limit } : { unknown: `aws answered: ${(stderr || stdout).trim()}` };
}

/** What to say before a deployment to an account that may run so many functions at once; undefined: there is room. */
export function concurrencyWarning({ queues, deadLetters }: QueueConcurrency, limit: number): string | undefined {
  if (limit >= queues + deadLetters + LEFT_FOR_CALLERS) return undefined;
  return (
    `The account may run ${limit} functions at once. The queues of this stack may take ${queues} of them, and ${deadLetters} more ` +
    'while dead letters are read; when none is left, callers of the API are refused, and messages wait. Ask for more, which is free:\n' +
    '  aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000\n' +
    'or lower CDK_UPLOAD_TASK_CONCURRENCY and CDK_CREATE_TASK_CONCURRENCY.'
  );
}
