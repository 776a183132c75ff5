import type { DeployedCors } from '../../model.ts';
import { exactOrigins } from './exact-origins.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

export const api: ResourceKind = {
  realises: ['CorsConfiguration', 'ProtocolType'],
  ignores: {
    ...TAGS,
    Name: 'it is a text for the console',
    Description: 'it is a text for the console',
    DisableExecuteApiEndpoint: 'there is one address here',
  },
  async realise({ logicalId, properties }, { region, apiEndpoint, parts }) {
    const { ProtocolType, CorsConfiguration } = properties;
    if (ProtocolType !== 'HTTP') throw new Error(`${logicalId} is no HTTP API; the local cloud has no other.`);
    if (CorsConfiguration !== undefined) parts.cors.push(corsOf(logicalId, CorsConfiguration));
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

function corsOf(logicalId: string, configuration: unknown): DeployedCors {
  const { AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge, AllowCredentials, ...others } =
    configuration as CorsConfiguration;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`The local cloud does not know ${other} in the CORS of ${logicalId}.`);
  return {
    allowOrigins: exactOrigins(logicalId, AllowOrigins),
    allowMethods: AllowMethods ?? [],
    allowHeaders: AllowHeaders ?? [],
    exposeHeaders: ExposeHeaders ?? [],
    maxAgeSeconds: MaxAge,
    allowCredentials: AllowCredentials ?? false,
  };
}

export const integration: ResourceKind = {
  realises: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion'],
  ignores: {},
  async realise({ logicalId, properties }, { parts }) {
    const { IntegrationType, IntegrationUri, PayloadFormatVersion } = properties;
    if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
      throw new Error(
        `${logicalId} is not AWS_PROXY with payload format 2.0, the only integration of the local cloud.`,
      );
    }
    const target = [...parts.functions.values()].find((one) => one.arn === IntegrationUri);
    if (!target) throw new Error(`${logicalId} calls ${String(IntegrationUri)}, which is no function of the template.`);
    parts.integrations.set(logicalId, target.logicalId);
    return { ref: logicalId, attributes: { IntegrationId: logicalId } };
  },
};

export const route: ResourceKind = {
  realises: ['ApiId', 'RouteKey', 'Target'],
  ignores: { AuthorizationType: 'requests are not signed here; the port is open to this machine only' },
  async realise({ logicalId, properties }, { parts }) {
    const target = String(properties['Target']);
    const functionLogicalId = parts.integrations.get(target.replace(/^integrations\//, ''));
    if (functionLogicalId === undefined) throw new Error(`${logicalId} leads to ${target}, which is no integration.`);
    parts.routes.push({ routeKey: String(properties['RouteKey']), functionLogicalId });
    return { ref: logicalId, attributes: { RouteId: logicalId } };
  },
};

export const stage: ResourceKind = {
  realises: ['StageName'],
  ignores: {
    ...TAGS,
    AccessLogSettings: 'requests are not logged here',
    ApiId: 'there is one API here',
    AutoDeploy: 'the routes of the template are served',
    DefaultRouteSettings: 'nobody throttles here',
  },
  async realise({ logicalId, properties }) {
    const { StageName } = properties;
    if (StageName === '$default') return { ref: '$default', attributes: {} };
    throw new Error(
      `${logicalId} is the stage ${String(StageName)}; the local API has its routes at the root ($default).`,
    );
  },
};
