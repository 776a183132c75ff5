import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { routes } from '../../src/contract/index.ts';
import { synthesize } from './synthesize.ts';
import { ofType, type Resources, spell } from './template.ts';

const ORIGIN = 'https://tasks.example.com';

/** Returns, by route key, the function that serves the route, and how it authenticates callers. */
function served(resources: Resources): Record<string, readonly [string, string]> {
  const integrations = ofType(resources, 'AWS::ApiGatewayV2::Integration');
  const functions = ofType(resources, 'AWS::Lambda::Function');
  const entries = [...ofType(resources, 'AWS::ApiGatewayV2::Route').values()].map(({ Properties }) => {
    const integration = integrations.get(spell(Properties.Target).replace('integrations/', ''));
    const served = functions.get(spell(integration?.Properties.IntegrationUri).split('.')[0] ?? '');
    return [Properties.RouteKey, [served?.Properties.Description, Properties.AuthorizationType]] as const;
  });
  return Object.fromEntries(entries) as Record<string, readonly [string, string]>;
}

const OF_CONTRACT = {
  ...Object.fromEntries(
    Object.entries(routes).flatMap(([name, { method, path }]) =>
      (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((one) => [`${one} ${path}`, [name, 'AWS_IAM']]),
    ),
  ),
  $default: ['route-not-found', 'AWS_IAM'],
};

describe('the HTTP API', () => {
  const { template, resources, stackName } = synthesize();

  it('has the routes of the contract and $default, each only for signed requests', () => {
    expect(served(resources)).toEqual(OF_CONTRACT);
  });

  it('sends requests in payload format 2.0', () => {
    for (const { Properties } of ofType(resources, 'AWS::ApiGatewayV2::Integration').values()) {
      expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
  });

  it('may call each function only for its own route', () => {
    const sources = [...ofType(resources, 'AWS::Lambda::Permission').values()].map(({ Properties }) => [
      spell(Properties.FunctionName).split('.')[0],
      spell(Properties.SourceArn).split(':TaskApi')[1],
    ]);

    expect(sources).toHaveLength(Object.keys(OF_CONTRACT).length);
    expect(sources).toContainEqual(['GetTaskFunction', '/*/*/tasks/{id}']);
    expect(sources).toContainEqual(['UploadTasksFunction', '/*/*/tasks/upload']);
  });

  it('is throttled, and logs its calls as JSON, without paths and bodies', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      AccessLogSettings: { Format: Match.serializedJson(Match.objectLike({ routeKey: '$context.routeKey' })) },
    });
    const [stage] = ofType(resources, 'AWS::ApiGatewayV2::Stage').values();

    expect(stage?.Properties.AccessLogSettings.Format).not.toMatch(/\$context\.(path|http\.path|identity\.sourceIp)/);
    expect(spell(stage?.Properties.AccessLogSettings.DestinationArn)).toBe('TaskApiAccessLogGroup.Arn');
  });

  it('logs to a group that needs no entry in the account’s log policy, with a name of its own for each stack', () => {
    const { LogGroupName } = ofType(resources, 'AWS::Logs::LogGroup').get('TaskApiAccessLogGroup')?.Properties ?? {};

    expect(LogGroupName['Fn::Join']).toEqual([
      '',
      [`/aws/vendedlogs/apis/${stackName}-`, { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }],
    ]);
  });

  it('has the name of the stack', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: stackName });
  });

  it('has no CORS unless it is configured', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
  });
});

describe('the HTTP API with CORS', () => {
  const { template, resources } = synthesize({ CDK_CORS_ALLOW_ORIGIN: `${ORIGIN}, http://localhost:5173` });

  it('allows exactly the configured origins, and the headers of the contract', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: [ORIGIN, 'http://localhost:5173'],
        AllowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
        AllowHeaders: Match.arrayWith(['content-type', 'idempotency-key', 'if-match']),
      },
    });
  });

  it('allows every header that @smithy/signature-v4 adds, also for temporary credentials', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowHeaders: Match.arrayWith(['authorization', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token']),
      },
    });
  });

  it('accepts preflights without a signature, and no other request', () => {
    expect(served(resources)).toEqual({ ...OF_CONTRACT, 'OPTIONS /{proxy+}': ['route-not-found', 'NONE'] });
  });
});
