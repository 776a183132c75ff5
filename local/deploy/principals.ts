import type { Principal } from '../iam/guard.ts';
import { RoleRights } from '../iam/role-rights.ts';
import type { RolePart, StackParts } from './resources/stack-parts.ts';

/** The functions of the stack as callers in the roles that the template gives them. */
export const principalsOf = (parts: StackParts, accountId: string): readonly Principal[] =>
  [...parts.functions.values()].map(({ logicalId, functionName, accessKeyId }) => {
    const { name, statements } = roleOf(parts, logicalId, parts.functionRoles.get(logicalId));
    const session = `arn:aws:sts::${accountId}:assumed-role/${name}/${functionName}`;
    return { accessKeyId, session, statements };
  });

/** Refuses a stack with a resource that AWS would not let do its work, as its role lacks a permission. */
export function refuseUnmetNeeds(parts: StackParts): void {
  for (const { of, roleArn, action, resource } of parts.needs) {
    const { name, statements } = roleOf(parts, of, roleArn);
    if (new RoleRights(statements).decide(action, resource) === 'allowed') continue;
    throw new Error(
      `${of} needs ${action} on ${resource}, which its role ${name} is not allowed; allow it in a policy of the role.`,
    );
  }
}

function roleOf(parts: StackParts, logicalId: string, arn = 'undefined'): RolePart {
  const role = parts.roles.get(arn);
  if (role) return role;
  const known = [...parts.roles.keys()].join(', ') || 'none';
  throw new Error(`${logicalId} has the role ${arn}, which is none of the template; it has ${known}.`);
}
