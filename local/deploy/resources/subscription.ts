import {
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { ResourceKind } from './resource-kind.ts';

export const subscription: ResourceKind = {
  supports: ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'],
  ignores: { RedrivePolicy: 'deliveries to queues of the same process do not fail' },
  async deploy({ logicalId, properties }, { clients: { sns } }) {
    const { TopicArn, Protocol, Endpoint, FilterPolicy = {} } = properties;
    // E-mail subscribers receive alarms, which have no effect here.
    if (Protocol === 'email') return { ref: `${String(TopicArn)}:${logicalId}`, attributes: {} };
    if (Protocol !== 'sqs') {
      throw new Error(
        `${logicalId} subscribes by ${String(Protocol)}. The local SNS delivers to queues (sqs) only, and ignores e-mail subscriptions.`,
      );
    }
    const attributes = {
      RawMessageDelivery: String(properties['RawMessageDelivery'] ?? false),
      FilterPolicyScope: String(properties['FilterPolicyScope'] ?? 'MessageAttributes'),
      FilterPolicy: JSON.stringify(FilterPolicy),
    };
    const arn = await createOrUpdate(sns, String(TopicArn), String(Endpoint), attributes);
    return { ref: arn, attributes: { Arn: arn } };
  },
};

/**
 * Creates the subscription, or updates a known one. SNS refuses to subscribe an endpoint again with other attributes,
 * so those are set one by one.
 */
async function createOrUpdate(
  sns: SNSClient,
  TopicArn: string,
  Endpoint: string,
  Attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const known = await findSubscriptionArn(sns, TopicArn, Endpoint);
  if (known === undefined) {
    const made = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    return made.SubscriptionArn ?? '';
  }
  for (const [AttributeName, AttributeValue] of Object.entries(Attributes)) {
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: known, AttributeName, AttributeValue }));
  }
  return known;
}

async function findSubscriptionArn(sns: SNSClient, TopicArn: string, endpoint: string): Promise<string | undefined> {
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
    const found = page.Subscriptions?.find((one) => one.Protocol === 'sqs' && one.Endpoint === endpoint);
    if (found?.SubscriptionArn !== undefined) return found.SubscriptionArn;
  }
  return undefined;
}
