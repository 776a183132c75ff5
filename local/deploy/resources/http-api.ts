import type { DeployedCors } from '../../model.ts';
import { requireExactOrigins } from './exact-origins.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

export const api: ResourceKind = {
  supports: ['CorsConfiguration', 'ProtocolType'],
  ignores: {
    ...TAGS,
    Name: 'it is a text for the AWS console',
    Description: 'it is a text for the AWS console',
    DisableExecuteApiEndpoint: 'there is only one address here',
  },
  async deploy({ logicalId, properties }, { region, apiEndpoint, parts }) {
    const { ProtocolType, CorsConfiguration } = properties;
    if (ProtocolType !== 'HTTP')
      throw new Error(`${logicalId} is not an HTTP API. The local cloud supports no other API.`);
    if (CorsConfiguration !== undefined) parts.cors.push(toCors(logicalId, CorsConfiguration));
    const ApiEndpoint = apiEndpoint ?? `https://${logicalId}.execute-api.${region}.amazonaws.com`;
    return { ref: logicalId, attributes: { ApiId: logicalId, ApiEndpoint } };
  },
};

interface CorsConfiguration {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
  readonly AllowCredentials?: boolean;
}

function toCors(logicalId: string, configuration: unknown): DeployedCors {
  const { AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge, AllowCredentials, ...others } =
    configuration as CorsConfiguration;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new Error(`The local cloud does not support ${other} in the CORS configuration of ${logicalId}.`);
  return {
    allowOrigins: requireExactOrigins(logicalId, AllowOrigins),
    allowMethods: AllowMethods ?? [],
    allowHeaders: AllowHeaders ?? [],
    exposeHeaders: ExposeHeaders ?? [],
    maxAgeSeconds: MaxAge,
    allowCredentials: AllowCredentials ?? false,
  };
}

export const integration: ResourceKind = {
  supports: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion'],
  ignores: {},
  async deploy({ logicalId, properties }, { parts }) {
    const { IntegrationType, IntegrationUri, PayloadFormatVersion } = properties;
    if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
      throw new Error(
        `${logicalId} is not AWS_PROXY with payload format 2.0, the only integration of the local cloud.`,
      );
    }
    const target = [...parts.functions.values()].find((one) => one.arn === IntegrationUri);
    if (!target)
      throw new Error(`${logicalId} calls ${String(IntegrationUri)}, which is not a function of the template.`);
    parts.integrations.set(logicalId, target.logicalId);
    return { ref: logicalId, attributes: { IntegrationId: logicalId } };
  },
};

export const route: ResourceKind = {
  supports: ['ApiId', 'RouteKey', 'Target'],
  ignores: { AuthorizationType: 'requests are not signed here; only this machine can reach the port' },
  async deploy({ logicalId, properties }, { parts }) {
    const target = String(properties['Target']);
    const functionLogicalId = parts.integrations.get(target.replace(/^integrations\//, ''));
    if (functionLogicalId === undefined)
      throw new Error(`${logicalId} leads to ${target}, which is not an integration.`);
    parts.routes.push({ routeKey: String(properties['RouteKey']), functionLogicalId });
    return { ref: logicalId, attributes: { RouteId: logicalId } };
  },
};

export const stage: ResourceKind = {
  supports: ['StageName'],
  ignores: {
    ...TAGS,
    AccessLogSettings: 'requests are not logged here',
    ApiId: 'there is only one API here',
    AutoDeploy: 'the routes of the template are served',
    DefaultRouteSettings: 'the local API does not throttle',
  },
  async deploy({ logicalId, properties }) {
    const { StageName } = properties;
    if (StageName === '$default') return { ref: '$default', attributes: {} };
    throw new Error(
      `${logicalId} is the stage ${String(StageName)}. The local API serves the $default stage only, at the root.`,
    );
  },
};
