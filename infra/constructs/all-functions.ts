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
  /** What each variable of the environment is in this stack; one that is undefined is not set. */
  readonly values: Readonly<Record<EnvironmentName, string | undefined>>;
  /** What each resource of the access table is called in this stack. */
  readonly arns: Readonly<Record<ResourceName, string>>;
}

export type ServiceFunctions = Readonly<Record<FunctionName, ServiceFunction>>;

/** Makes every function of the contract, with the environment and the rights that the access table gives it. */
export function serviceFunctions(scope: Construct, { functionsFolder, stage, values, arns }: ServiceFunctionsProps) {
  const functions = FUNCTION_NAMES.map((name) => {
    const { environment, timeoutSeconds, recursive } = access[name];
    const made = new ServiceFunction(scope, constructId(name), {
      name,
      functionsFolder,
      stage,
      timeoutSeconds,
      environment: given(environment, values),
      statements: statements(access[name], arns),
      ...(recursive && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    return [name, made] as const;
  });
  // One entry for each of FUNCTION_NAMES, which `Object.fromEntries` forgets.
  return Object.fromEntries(functions) as ServiceFunctions;
}

const given = (names: readonly EnvironmentName[], values: ServiceFunctionsProps['values']): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const statements = ({ actions }: FunctionAccess, arns: Readonly<Record<ResourceName, string>>): PolicyStatement[] =>
  // `Object.entries` forgets the key type of the table.
  (Object.entries(actions) as [ResourceName, readonly string[]][]).map(
    ([resource, allowed]) => new PolicyStatement({ actions: [...allowed], resources: [arns[resource]] }),
  );

/** `create-task` → `CreateTaskFunction` */
const constructId = (name: FunctionName): string =>
  `${name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Function`;
