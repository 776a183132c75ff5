import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../../src/contract/index.ts';
import { MEMORY_MB } from '../constants.ts';
import type { Stage } from '../stages.ts';

export interface ServiceFunctionProps {
  readonly name: FunctionName;
  /** Has a folder NAME with the bundle `index.mjs` for every function. */
  readonly functionsFolder: string;
  readonly stage: Stage;
  readonly environment: Record<string, string>;
  readonly statements: readonly PolicyStatement[];
  readonly timeoutSeconds: number;
  /** ALLOW is only for a function that sends messages to its own queue; otherwise Lambda stops such a loop. */
  readonly recursiveLoop?: RecursiveLoop;
}

/** A Lambda function of the service. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { name, stage, timeoutSeconds, environment, recursiveLoop } = props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: stage.logRetention,
      removalPolicy: stage.removalPolicy,
    });
    this.lambda = new LambdaFunction(this, 'Default', {
      description: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: findBundle(props.functionsFolder, name),
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: MEMORY_MB,
      environment,
      role: this.#createRole(logGroup, props.statements),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...(recursiveLoop && { recursiveLoop }),
    });
  }

  /** Replaces the role of the CDK, whose managed policy may write to every log group of the account. */
  #createRole(logGroup: LogGroup, statements: readonly PolicyStatement[]): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const writeLogs = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    for (const statement of [writeLogs, ...statements]) role.addToPolicy(statement);
    return role;
  }
}

function findBundle(functionsFolder: string, name: FunctionName): Code {
  const folder = join(functionsFolder, name);
  if (!existsSync(join(folder, 'index.mjs'))) {
    throw new Error(`There is no ${join(folder, 'index.mjs')}. Bundle the functions first: node scripts/build.mjs`);
  }
  return Code.fromAsset(folder);
}
