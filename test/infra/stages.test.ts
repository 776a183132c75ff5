import { describe, expect, it } from '@jest/globals';
import { STAGE_NAMES } from '../../infra/stages.ts';
import { synthesize } from './synthesize.ts';
import { ofType } from './template.ts';

const differing = (CDK_ENV: string) => {
  const { resources, terminationProtection, stackName } = synthesize({ CDK_ENV });
  const of = (type: string) => [...ofType(resources, type).values()];
  const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup'].flatMap(of);
  const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
  return {
    stackName,
    terminationProtection,
    logRetention: distinct(of('AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays as number)),
    expiration: distinct(
      of('AWS::S3::Bucket').map(
        ({ Properties }) => Properties.LifecycleConfiguration.Rules[1].ExpirationInDays as number,
      ),
    ),
    deletionPolicy: distinct(kept.map(({ DeletionPolicy }) => DeletionPolicy)),
    detailedApiMetrics: distinct(
      of('AWS::ApiGatewayV2::Stage').map(
        ({ Properties }) => Properties.DefaultRouteSettings.DetailedMetricsEnabled as boolean,
      ),
    ),
    deletionProtection: distinct(
      of('AWS::DynamoDB::Table').map(({ Properties }) => Properties.DeletionProtectionEnabled as boolean),
    ),
  };
};

describe('stages', () => {
  it('of development and test can be deleted with their data', () => {
    expect(differing('dev')).toEqual({
      stackName: 'fan-out-fan-in-dev',
      terminationProtection: false,
      logRetention: [7],
      expiration: [15],
      deletionPolicy: ['Delete'],
      detailedApiMetrics: [false],
      deletionProtection: [false],
    });
    expect(differing('qat')).toMatchObject({
      logRetention: [30],
      expiration: [30],
      deletionPolicy: ['Delete'],
      detailedApiMetrics: [false],
    });
  });

  it('of production keep their data when the stack is deleted', () => {
    expect(differing('prd')).toEqual({
      stackName: 'fan-out-fan-in-prd',
      terminationProtection: true,
      logRetention: [365],
      expiration: [90],
      deletionPolicy: ['Retain'],
      detailedApiMetrics: [true],
      deletionProtection: [true],
    });
  });

  it.each(STAGE_NAMES)('%s keeps an upload longer than a dead letter may need it', (name) => {
    expect(differing(name).expiration[0]).toBeGreaterThan(14);
  });

  it('have the same resources', () => {
    const [dev, ...others] = STAGE_NAMES.map((CDK_ENV) =>
      Object.values(synthesize({ CDK_ENV }).resources)
        .map(({ Type }) => Type)
        .toSorted(),
    );
    for (const other of others) expect(other).toEqual(dev);
  });

  it('tag every table, queue and function', () => {
    const { resources } = synthesize({ CDK_ENV: 'qat', CDK_APP_NAME: 'mine', CDK_OU: 'research', CDK_OWNER: 'Ada' });
    for (const type of ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::S3::Bucket']) {
      for (const { Properties } of ofType(resources, type).values()) {
        expect(Properties.Tags).toEqual(
          expect.arrayContaining([
            { Key: 'App', Value: 'mine' },
            { Key: 'Env', Value: 'qat' },
            { Key: 'OU', Value: 'research' },
            { Key: 'Owner', Value: 'Ada' },
          ]),
        );
      }
    }
  });
});
