import { describe, expect, it } from '@jest/globals';
import { synthesize } from './synthesize.ts';

describe.each([
  ['without CORS', {}],
  ['in production, with CORS', { CDK_ENV: 'prd', CDK_CORS_ALLOW_ORIGIN: 'https://tasks.example.com' }],
])('cdk-nag %s', (_, variables) => {
  const { report } = synthesize(variables, { checked: true });
  const packs = new Map(report?.pluginReports.map((pluginReport) => [pluginReport.pluginName, pluginReport]));

  it('judged by both packs', () => {
    expect([...packs.keys()]).toEqual(expect.arrayContaining(['AwsSolutions', 'Serverless']));
  });

  it('found nothing, warnings included, that has no reason', () => {
    expect([...packs.values()].flatMap(({ violations }) => violations)).toEqual([]);
    expect([...packs.values()].map(({ conclusion }) => conclusion)).not.toContain('failure');
  });

  it('still finds all that was acknowledged', () => {
    const found = [...packs.values()].flatMap(({ suppressedViolations = [] }) => suppressedViolations);
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
      'Serverless::Serverless-SQSRedrivePolicy',
    ]);
    for (const { reason } of found) expect(reason.length).toBeGreaterThan(20);
  });
});
