import type { DeployedFunction } from '../../model.ts';

/** Logical id of the function that a resource calls by its name or by its ARN. */
export function functionNamed(
  caller: string,
  nameOrArn: string,
  functions: ReadonlyMap<string, DeployedFunction>,
): string {
  const found = [...functions.values()].find((one) => one.functionName === nameOrArn || one.arn === nameOrArn);
  if (found) return found.logicalId;
  throw new Error(`${caller} calls ${nameOrArn}, which is no function of the template.`);
}
