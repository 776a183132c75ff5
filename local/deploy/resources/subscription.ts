import {
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { ResourceKind } from './resource-kind.ts';

export const subscription: ResourceKind = {
  realises: ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'],
  ignores: { RedrivePolicy: 'a delivery to a queue of the same process does not fail' },
  async realise({ logicalId, properties }, { clients: { sns } }) {
    const { TopicArn, Protocol, Endpoint, FilterPolicy = {} } = properties;
    // Nothing that an e-mail would tell of happens here: alarms have no effect.
    if (Protocol === 'email') return { ref: `${String(TopicArn)}:${logicalId}`, attributes: {} };
    if (Protocol !== 'sqs') {
      throw new Error(
        `${logicalId} subscribes by ${String(Protocol)}; the local SNS delivers to queues (sqs) only, and e-mail to nobody.`,
      );
    }
    const attributes = {
      RawMessageDelivery: String(properties['RawMessageDelivery'] ?? false),
      FilterPolicyScope: String(properties['FilterPolicyScope'] ?? 'MessageAttributes'),
      FilterPolicy: JSON.stringify(FilterPolicy),
    };
    const arn = await bringUp(sns, String(TopicArn), String(Endpoint), attributes);
    return { ref: arn, attributes: { Arn: arn } };
  },
};

/** SNS refuses to subscribe an endpoint again with other attributes, so those of a known one are set one by one. */
async function bringUp(
  sns: SNSClient,
  TopicArn: string,
  Endpoint: string,
  Attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const known = await subscriptionArn(sns, TopicArn, Endpoint);
  if (known === undefined) {
    const made = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    return made.SubscriptionArn ?? '';
  }
  for (const [AttributeName, AttributeValue] of Object.entries(Attributes)) {
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: known, AttributeName, AttributeValue }));
  }
  return known;
}

async function subscriptionArn(sns: SNSClient, TopicArn: string, endpoint: string): Promise<string | undefined> {
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
    const found = page.Subscriptions?.find((one) => one.Protocol === 'sqs' && one.Endpoint === endpoint);
    if (found?.SubscriptionArn !== undefined) return found.SubscriptionArn;
  }
  return undefined;
}
