import { Duration, Fn, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  DEFAULT_ROUTE_FUNCTION,
  type FunctionName,
  methodsOf,
  type RouteName,
  routes,
} from '../../src/contract/index.ts';
import { API_THROTTLE, CORS_MAX_AGE_MINUTES } from '../constants.ts';
import type { Stage } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';

export interface TaskApiProps {
  readonly stage: Stage;
  readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;
  /** The exact origins of browsers. If there are none, the API has no CORS. */
  readonly allowOrigins: readonly string[];
}

/** Who called which route, with which result. Paths and bodies are left out: they may have content of tasks. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  caller: '$context.identity.userArn',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
} as const;

/** The headers that Signature Version 4 adds to a request. Browsers need a permission for each. */
const SIGNATURE_HEADERS = ['authorization', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'] as const;

/** The HTTP API. Each route of the contract has a function, and all other requests go to one function. */
export class TaskApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { stage, functions, allowOrigins }: TaskApiProps) {
    super(scope, id);
    const integration = (name: FunctionName) => new HttpLambdaIntegration(name, functions[name].lambda);
    const hasCors = allowOrigins.length > 0;
    this.api = new HttpApi(this, 'Default', {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
      defaultIntegration: integration(DEFAULT_ROUTE_FUNCTION),
      ...(hasCors && { corsPreflight: toCors(allowOrigins) }),
    });
    for (const [name, route] of listRoutes(routes)) {
      const methods = methodsOf(route).map((method) => HttpMethod[method]);
      this.api.addRoutes({ path: route.path, methods, integration: integration(name) });
    }
    if (hasCors) this.#addPreflights(integration(DEFAULT_ROUTE_FUNCTION));
    this.#publish(stage);
  }

  /** Browsers do not sign preflights. Without this route `$default` would take them, and require a signature. */
  #addPreflights(integration: HttpLambdaIntegration): void {
    this.api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.OPTIONS],
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });
  }

  #publish({ logRetention, removalPolicy, detailedApiMetrics }: Stage): void {
    const logGroup = new LogGroup(this, 'AccessLogGroup', {
      logGroupName: this.#toLogGroupName(),
      retention: logRetention,
      removalPolicy,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: API_THROTTLE,
      detailedMetricsEnabled: detailedApiMetrics,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  /**
   * CloudWatch Logs adds an entry for each log group of an API to one policy of the account. The policy has room for
   * 5,120 characters, no entry is ever removed, and a deployment fails when it is full. Names under /aws/vendedlogs/
   * need no entry. The id of the stack makes the name unique, because production keeps the log group of a deleted
   * stack.
   */
  #toLogGroupName(): string {
    const { stackId, stackName } = Stack.of(this);
    return `/aws/vendedlogs/apis/${stackName}-${Fn.select(2, Fn.split('/', stackId))}`;
  }
}

const listRoutes = (table: typeof routes) =>
  // The type of `Object.entries` does not keep the keys of a constant.
  Object.entries(table) as [RouteName, (typeof routes)[RouteName]][];

const toCors = (allowOrigins: readonly string[]): CorsPreflightOptions => ({
  allowOrigins: [...allowOrigins],
  allowMethods: [
    CorsHttpMethod.GET,
    CorsHttpMethod.HEAD,
    CorsHttpMethod.POST,
    CorsHttpMethod.PUT,
    CorsHttpMethod.DELETE,
  ],
  allowHeaders: ['content-type', 'idempotency-key', 'if-match', 'if-none-match', ...SIGNATURE_HEADERS],
  exposeHeaders: ['allow', 'etag', 'link', 'location', 'retry-after'],
  maxAge: Duration.minutes(CORS_MAX_AGE_MINUTES),
});
