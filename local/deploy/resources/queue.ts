import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { generatedName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

/** Attributes under the template's own names, with what SQS takes in the place of an absent one. */
const DEFAULTS = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedrivePolicy: '',
} as const;
type Attributes = Partial<Record<keyof typeof DEFAULTS, string>>;

export const queue: ResourceKind = {
  realises: ['QueueName', ...Object.keys(DEFAULTS)],
  ignores: {
    ...TAGS,
    RedriveAllowPolicy: 'policies of resources are not evaluated here',
    SqsManagedSseEnabled: 'nothing is encrypted on this machine',
  },
  async realise({ logicalId, properties }, { clients: { sqs }, emulators, parts, region, accountId }) {
    const name = String(properties['QueueName'] ?? generatedName(logicalId, 80));
    await bringUp(sqs, name, attributesOf(properties));
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    const url = `${emulators.endpoints.sqs}/${accountId}/${name}`;
    parts.queueUrls.set(arn, url);
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
};

function attributesOf(properties: Readonly<Record<string, unknown>>): Attributes {
  const given = Object.keys(DEFAULTS).flatMap((name) => {
    const value = properties[name];
    return value === undefined ? [] : [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });
  return Object.fromEntries(given) as Attributes;
}

async function bringUp(sqs: SQSClient, name: string, attributes: Attributes): Promise<void> {
  const found = await queueUrl(sqs, name);
  if (found === undefined) await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  else await sqs.send(new SetQueueAttributesCommand({ QueueUrl: found, Attributes: { ...DEFAULTS, ...attributes } }));
}

async function queueUrl(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    // Not there yet: it is created then.
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
