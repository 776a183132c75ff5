import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { generatedName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

export const topic: ResourceKind = {
  realises: ['TopicName'],
  ignores: {
    ...TAGS,
    DisplayName: 'it is the sender of e-mails, which are not sent here',
    KmsMasterKeyId: 'nothing is encrypted on this machine',
    TracingConfig: 'there is no X-Ray here',
  },
  async realise({ logicalId, properties }, { clients: { sns } }) {
    const name = String(properties['TopicName'] ?? generatedName(logicalId, 256));
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
    return { ref: TopicArn, attributes: { TopicArn, TopicName: name } };
  },
};
