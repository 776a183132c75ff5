import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { NotificationRule } from '../../gate/call/gate.ts';
import { requireExactOrigins } from './exact-origins.ts';
import { generateName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

const EVENT = /^s3:ObjectCreated:(\*|Put|Copy|CompleteMultipartUpload)$/;

export const bucket: ResourceKind = {
  supports: ['BucketName', 'CorsConfiguration', 'NotificationConfiguration'],
  ignores: {
    ...TAGS,
    BucketEncryption: 'nothing is encrypted on this machine',
    LifecycleConfiguration: 'the local S3 deletes nothing by age',
    OwnershipControls: 'there is only one owner here',
    PublicAccessBlockConfiguration: 'only this machine can reach the port',
  },
  async deploy({ logicalId, properties }, { clients: { s3 }, emulators, region }) {
    const name = String(properties['BucketName'] ?? generateName(logicalId, 63).toLowerCase());
    // Creating a bucket that exists leaves it unchanged.
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await emulators.gate.allowOrigins(toOrigins(logicalId, properties['CorsConfiguration']));
    await emulators.gate.notifyOfObjects(name, toNotificationRules(logicalId, properties['NotificationConfiguration']));
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
};

interface CorsConfiguration {
  readonly CorsRules?: readonly { readonly AllowedOrigins?: readonly string[] }[];
}

/** Ignores the methods and headers of a rule: an allowed origin may do anything here. */
const toOrigins = (logicalId: string, configuration: unknown): readonly string[] =>
  ((configuration ?? {}) as CorsConfiguration).CorsRules?.flatMap(({ AllowedOrigins }) =>
    requireExactOrigins(logicalId, AllowedOrigins),
  ) ?? [];

interface NotificationConfiguration {
  readonly QueueConfigurations?: readonly QueueConfiguration[];
}

interface QueueConfiguration {
  readonly Id?: string;
  readonly Event: string;
  readonly Queue: string;
  readonly Filter?: { readonly S3Key?: { readonly Rules?: readonly { Name: string; Value: string }[] } };
}

function toNotificationRules(logicalId: string, configuration: unknown): readonly NotificationRule[] {
  const { QueueConfigurations = [], ...others } = (configuration ?? {}) as NotificationConfiguration;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`${logicalId} notifies by ${other}. The local S3 notifies queues only.`);
  return QueueConfigurations.map(({ Id, Event, Queue, Filter }, index) => {
    if (!EVENT.test(Event))
      throw new Error(`${logicalId} notifies of ${Event}. The local S3 supports ${EVENT.source}.`);
    const part = (name: string): string =>
      Filter?.S3Key?.Rules?.find((rule) => rule.Name.toLowerCase() === name)?.Value ?? '';
    const id = Id ?? `${logicalId}-${index}`;
    return { id, queueArn: Queue, event: Event, prefix: part('prefix'), suffix: part('suffix') };
  });
}
