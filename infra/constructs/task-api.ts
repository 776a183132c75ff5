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
  /** Exact origins of browsers; none: no CORS. */
  readonly allowOrigins: readonly string[];
}

/** Who called what, and how it went; neither paths nor bodies, which may carry what people wrote. */
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

/** What signers add to a request, by Signature Version 4; browsers ask for leave for each. */
const SIGNATURE_HEADERS = ['authorization', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'] as const;

/**
 * The HTTP API: one function per entry of the contract's routes, for each of its methods, and one for all other
 * requests.
 */
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
      ...(hasCors && { corsPreflight: cors(allowOrigins) }),
    });
    for (const [name, route] of entries(routes)) {
      const methods = methodsOf(route).map((method) => HttpMethod[method]);
      this.api.addRoutes({ path: route.path, methods, integration: integration(name) });
    }
    if (hasCors) this.#respondToPreflights(integration(DEFAULT_ROUTE_FUNCTION));
    this.#publish(stage);
  }

  /** Browsers do not sign preflights; without this route `$default` takes them and asks for a signature. */
  #respondToPreflights(integration: HttpLambdaIntegration): void {
    this.api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.OPTIONS],
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });
  }

  #publish({ logRetention, removalPolicy, detailedApiMetrics }: Stage): void {
    const logGroup = new LogGroup(this, 'AccessLogGroup', {
      logGroupName: this.#accessLogGroupName(),
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
   * For each log group that an API writes to, CloudWatch Logs adds an entry to one policy of the account, which takes
   * 5,120 characters and is never tidied; a full one fails the deployment. Names under /aws/vendedlogs/ need no entry.
   * The id of the stack makes the name new for each stack: production keeps the group of a stack that is gone.
   */
  #accessLogGroupName(): string {
    const { stackId, stackName } = Stack.of(this);
    return `/aws/vendedlogs/apis/${stackName}-${Fn.select(2, Fn.split('/', stackId))}`;
  }
}

const entries = (table: typeof routes) =>
  // `Object.entries` forgets the key type of a constant.
  Object.entries(table) as [RouteName, (typeof routes)[RouteName]][];

const cors = (allowOrigins: readonly string[]): CorsPreflightOptions => ({
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
