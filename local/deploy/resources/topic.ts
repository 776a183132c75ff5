import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { generateName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

export const topic: ResourceKind = {
  supports: ['TopicName'],
  ignores: {
    ...TAGS,
    DisplayName: 'it is the sender of e-mail, which is not sent here',
    KmsMasterKeyId: 'nothing is encrypted on this machine',
    TracingConfig: 'there is no X-Ray here',
  },
  async deploy({ logicalId, properties }, { clients: { sns } }) {
    const name = String(properties['TopicName'] ?? generateName(logicalId, 256));
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
    return { ref: TopicArn, attributes: { TopicArn, TopicName: name } };
  },
};
