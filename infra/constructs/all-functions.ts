import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type EnvironmentName, FUNCTION_NAMES, type FunctionName } from '../../src/contract/index.ts';
import { access, type FunctionAccess, type ResourceName } from '../access.ts';
import type { Stage } from '../stages.ts';
import { ServiceFunction } from './service-function.ts';

export interface ServiceFunctionsProps {
  readonly functionsFolder: string;
  readonly stage: Stage;
  /** The values of the environment variables in this stack; an undefined one is not set. */
  readonly values: Readonly<Record<EnvironmentName, string | undefined>>;
  /** The ARNs of the resources of the access table in this stack. */
  readonly arns: Readonly<Record<ResourceName, string>>;
}

export type ServiceFunctions = Readonly<Record<FunctionName, ServiceFunction>>;

/** Creates every function of the contract, with the variables and the rights of the access table. */
export function createServiceFunctions(
  scope: Construct,
  { functionsFolder, stage, values, arns }: ServiceFunctionsProps,
) {
  const functions = FUNCTION_NAMES.map((name) => {
    const { environment, timeoutSeconds, recursive } = access[name];
    const created = new ServiceFunction(scope, toConstructId(name), {
      name,
      functionsFolder,
      stage,
      timeoutSeconds,
      environment: pickValues(environment, values),
      statements: toStatements(access[name], arns),
      ...(recursive && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    return [name, created] as const;
  });
  // There is one entry for each of FUNCTION_NAMES; the type of `Object.fromEntries` does not say so.
  return Object.fromEntries(functions) as ServiceFunctions;
}

const pickValues = (
  names: readonly EnvironmentName[],
  values: ServiceFunctionsProps['values'],
): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const toStatements = ({ actions }: FunctionAccess, arns: Readonly<Record<ResourceName, string>>): PolicyStatement[] =>
  // The type of `Object.entries` does not keep the keys of the table.
  (Object.entries(actions) as [ResourceName, readonly string[]][]).map(
    ([resource, allowed]) => new PolicyStatement({ actions: [...allowed], resources: [arns[resource]] }),
  );

/** `create-task` → `CreateTaskFunction` */
const toConstructId = (name: FunctionName): string =>
  `${name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Function`;
