/**
 * The synthesized template with every reference resolved, as far as it runs here. The deployer creates the resources
 * and hands this to the runtime, which runs functions, event source mappings, routes and schedules.
 */
export interface DeployedStack {
  readonly region: string;
  readonly accountId: string;
  readonly endpoints: Endpoints;
  /** The functions by logical id. */
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  readonly mappings: readonly DeployedMapping[];
  readonly routes: readonly DeployedRoute[];
  /** The origins whose pages may call the HTTP API. Undefined: only pages of the API itself may. */
  readonly cors?: DeployedCors | undefined;
  readonly schedules: readonly DeployedSchedule[];
  /** Stack outputs by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Loopback base URLs of the emulated services, each behind the gate. */
export interface Endpoints {
  readonly s3: string;
  readonly sqs: string;
  readonly sns: string;
  readonly dynamodb: string;
}

export interface DeployedFunction {
  readonly logicalId: string;
  readonly functionName: string;
  readonly arn: string;
  /** Absolute path of the asset: the folder that holds the handler's module. */
  readonly codeFolder: string;
  /** `index.handler` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** The variables of the template with references resolved. The runtime adds region, endpoints and credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** The function's own access key id, which tells the gate who calls. */
  readonly accessKeyId: string;
}

export interface DeployedMapping {
  readonly logicalId: string;
  readonly functionLogicalId: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** The highest number of concurrent invocations. Undefined: the default of 5. */
  readonly maximumConcurrency: number | undefined;
  readonly reportBatchItemFailures: boolean;
}

export interface DeployedRoute {
  /** `GET /tasks/{id}` or `$default` */
  readonly routeKey: string;
  readonly functionLogicalId: string;
}

/** The CORS configuration of an HTTP API. */
export interface DeployedCors {
  /** Exact origins, such as `http://localhost:3000`. */
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
  readonly allowCredentials: boolean;
}

export interface DeployedSchedule {
  readonly logicalId: string;
  readonly functionLogicalId: string;
  readonly intervalSeconds: number;
}
