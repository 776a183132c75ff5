import type { DeployedFunction } from '../../model.ts';

/** Returns the logical id of the function that a resource calls by name or by ARN. */
export function findFunction(
  caller: string,
  nameOrArn: string,
  functions: ReadonlyMap<string, DeployedFunction>,
): string {
  const found = [...functions.values()].find((one) => one.functionName === nameOrArn || one.arn === nameOrArn);
  if (found) return found.logicalId;
  throw new Error(`${caller} calls ${nameOrArn}, which is not a function of the template.`);
}
