import { type ResourceKind, TAGS } from './resource-kind.ts';

/** The logs of functions go to files; a group is a name, to which policies refer. */
export const logGroup: ResourceKind = {
  realises: ['LogGroupName'],
  ignores: { ...TAGS, RetentionInDays: 'the files of logs are appended to' },
  async realise({ logicalId, properties }, { region, accountId }) {
    const name = String(properties['LogGroupName'] ?? logicalId);
    return { ref: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } };
  },
};
