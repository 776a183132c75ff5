import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ValidationReport } from './synthesize.ts';

async function reportOf(variables: NodeJS.ProcessEnv): Promise<ValidationReport> {
  const worker = new Worker(new URL('./checks-worker.ts', import.meta.url), { workerData: variables });
  const [report] = await once(worker, 'message');
  await worker.terminate();
  return report;
}

describe.each([
  ['without CORS', {}],
  [
    'in production, with CORS and alarms',
    { CDK_ENV: 'prd', CDK_CORS_ALLOW_ORIGIN: 'https://tasks.example.com', CDK_ALARM_EMAIL: 'ops@example.com' },
  ],
])('cdk-nag %s', (_, variables) => {
  let packs: ReadonlyMap<string, ValidationReport['pluginReports'][number]>;
  beforeAll(async () => {
    const { pluginReports } = await reportOf(variables);
    packs = new Map(pluginReports.map((pluginReport) => [pluginReport.pluginName, pluginReport]));
  });

  it('runs both packs of rules', () => {
    expect([...packs.keys()]).toEqual(expect.arrayContaining(['AwsSolutions', 'Serverless']));
  });

  it('finds nothing without a stated reason, not even a warning', () => {
    expect([...packs.values()].flatMap(({ violations }) => violations)).toEqual([]);
    expect([...packs.values()].map(({ conclusion }) => conclusion)).not.toContain('failure');
  });

  it('still finds everything for which a reason is stated', () => {
    const found = [...packs.values()].flatMap(({ suppressedViolations = [] }) => suppressedViolations);
    const hasAlarms = 'CDK_ALARM_EMAIL' in variables;
    const hasCors = 'CDK_CORS_ALLOW_ORIGIN' in variables;

    expect([...new Set(found.map(({ acknowledgedId }) => acknowledgedId))].toSorted()).toEqual([
      ...(hasCors ? ['AwsSolutions::AwsSolutions-APIG4'] : []),
      'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/redrives/*]',
      'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/reports/*]',
      'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/uploads/*]',
      'AwsSolutions::AwsSolutions-S1',
      'Serverless::Serverless-LambdaAsyncFailureDestination',
      'Serverless::Serverless-LambdaDLQ',
      'Serverless::Serverless-LambdaEventSourceMappingDestination',
      ...(hasAlarms ? ['Serverless::Serverless-SNSRedrivePolicy'] : []),
      'Serverless::Serverless-SQSRedrivePolicy',
    ]);
    for (const { reason } of found) expect(reason.length).toBeGreaterThan(20);
  });
});
