import { readPolicyDocument } from '../../iam/policy-document.ts';
import { generatedName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

export const role: ResourceKind = {
  realises: ['RoleName'],
  ignores: {
    ...TAGS,
    AssumeRolePolicyDocument: 'a role is taken on here by what the template gives it to',
    Description: 'it is a text for the console',
    ManagedPolicyArns: "AWS's own policies are not known here; what one of them alone allows is refused",
  },
  async realise({ logicalId, properties }, { parts, accountId }) {
    const name = String(properties['RoleName'] ?? generatedName(logicalId, 64));
    const arn = `arn:aws:iam::${accountId}:role/${name}`;
    parts.roles.set(arn, { name, statements: [] });
    return { ref: name, attributes: { Arn: arn } };
  },
};

export const policy: ResourceKind = {
  realises: ['PolicyDocument', 'Roles'],
  ignores: {
    Description: 'it is a text for the console',
    ManagedPolicyName: 'nothing refers to it here',
    PolicyName: 'nothing refers to it here',
  },
  async realise({ logicalId, properties }, { parts, accountId }) {
    const statements = readPolicyDocument(logicalId, properties['PolicyDocument']);
    for (const name of (properties['Roles'] ?? []) as readonly string[]) {
      const found = [...parts.roles.values()].find((one) => one.name === name);
      if (!found) throw new Error(`${logicalId} is a policy of the role ${name}; name a role of the template, by Ref.`);
      found.statements.push(...statements);
    }
    return { ref: `arn:aws:iam::${accountId}:policy/${logicalId}`, attributes: {} };
  },
};
