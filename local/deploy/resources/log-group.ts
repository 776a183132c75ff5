import { type ResourceKind, TAGS } from './resource-kind.ts';

/** The logs of functions go to files. A log group is only a name here, for policies to refer to. */
export const logGroup: ResourceKind = {
  supports: ['LogGroupName'],
  ignores: { ...TAGS, RetentionInDays: 'log files are bounded in size, not in time' },
  async deploy({ logicalId, properties }, { region, accountId }) {
    const name = String(properties['LogGroupName'] ?? logicalId);
    return { ref: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } };
  },
};
