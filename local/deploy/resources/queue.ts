import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { generateName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

/** The attributes by the template's names, with the defaults of SQS. */
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
  supports: ['QueueName', ...Object.keys(DEFAULTS)],
  ignores: {
    ...TAGS,
    RedriveAllowPolicy: 'resource policies are not evaluated here',
    SqsManagedSseEnabled: 'nothing is encrypted on this machine',
  },
  async deploy({ logicalId, properties }, { clients: { sqs }, emulators, parts, region, accountId }) {
    const name = String(properties['QueueName'] ?? generateName(logicalId, 80));
    await createOrUpdate(sqs, name, toAttributes(properties));
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    const url = `${emulators.endpoints.sqs}/${accountId}/${name}`;
    parts.queueUrls.set(arn, url);
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
};

function toAttributes(properties: Readonly<Record<string, unknown>>): Attributes {
  const given = Object.keys(DEFAULTS).flatMap((name) => {
    const value = properties[name];
    return value === undefined ? [] : [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });
  return Object.fromEntries(given) as Attributes;
}

async function createOrUpdate(sqs: SQSClient, name: string, attributes: Attributes): Promise<void> {
  const found = await findQueueUrl(sqs, name);
  if (found === undefined) await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  else await sqs.send(new SetQueueAttributesCommand({ QueueUrl: found, Attributes: { ...DEFAULTS, ...attributes } }));
}

async function findQueueUrl(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    // The queue does not exist yet, so it is created.
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
