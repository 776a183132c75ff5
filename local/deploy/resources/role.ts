import { readPolicyDocument } from '../../iam/policy-document.ts';
import { generateName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

export const role: ResourceKind = {
  supports: ['RoleName'],
  ignores: {
    ...TAGS,
    AssumeRolePolicyDocument: 'only the resources of the template that name a role assume it here',
    Description: 'it is a text for the AWS console',
    ManagedPolicyArns: "AWS's own policies are not known here, so they allow nothing",
  },
  async deploy({ logicalId, properties }, { parts, accountId }) {
    const name = String(properties['RoleName'] ?? generateName(logicalId, 64));
    const arn = `arn:aws:iam::${accountId}:role/${name}`;
    parts.roles.set(arn, { name, statements: [] });
    return { ref: name, attributes: { Arn: arn } };
  },
};

export const policy: ResourceKind = {
  supports: ['PolicyDocument', 'Roles'],
  ignores: {
    Description: 'it is a text for the AWS console',
    ManagedPolicyName: 'nothing refers to it here',
    PolicyName: 'nothing refers to it here',
  },
  async deploy({ logicalId, properties }, { parts, accountId }) {
    const statements = readPolicyDocument(logicalId, properties['PolicyDocument']);
    for (const name of (properties['Roles'] ?? []) as readonly string[]) {
      const found = [...parts.roles.values()].find((one) => one.name === name);
      if (!found)
        throw new Error(
          `${logicalId} is a policy of the role ${name}, which is not in the template. Name a role of the template, by Ref.`,
        );
      found.statements.push(...statements);
    }
    return { ref: `arn:aws:iam::${accountId}:policy/${logicalId}`, attributes: {} };
  },
};
