import type { Principal } from '../iam/guard.ts';
import { RoleRights } from '../iam/role-rights.ts';
import type { RolePart, StackParts } from './resources/stack-parts.ts';

/** Returns the functions of the stack as callers, with the roles that the template gives them. */
export const toPrincipals = (parts: StackParts, accountId: string): readonly Principal[] =>
  [...parts.functions.values()].map(({ logicalId, functionName, accessKeyId }) => {
    const { name, statements } = findRole(parts, logicalId, parts.functionRoles.get(logicalId));
    const session = `arn:aws:sts::${accountId}:assumed-role/${name}/${functionName}`;
    return { accessKeyId, session, statements };
  });

/** Refuses a stack if the role of a resource lacks a permission without which AWS would not let the resource work. */
export function checkNeeds(parts: StackParts): void {
  for (const { of, roleArn, action, resource } of parts.needs) {
    const { name, statements } = findRole(parts, of, roleArn);
    if (new RoleRights(statements).decide(action, resource) === 'allowed') continue;
    throw new Error(
      `${of} needs ${action} on ${resource}, which its role ${name} does not allow. Allow it in a policy of the role.`,
    );
  }
}

function findRole(parts: StackParts, logicalId: string, arn = 'undefined'): RolePart {
  const role = parts.roles.get(arn);
  if (role) return role;
  const known = [...parts.roles.keys()].join(', ') || 'none';
  throw new Error(`${logicalId} has the role ${arn}, which is not in the template. The template has ${known}.`);
}
