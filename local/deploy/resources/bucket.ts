import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { NotificationRule } from '../../gate/call/gate.ts';
import { exactOrigins } from './exact-origins.ts';
import { generatedName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

const EVENT = /^s3:ObjectCreated:(\*|Put|Copy|CompleteMultipartUpload)$/;

export const bucket: ResourceKind = {
  realises: ['BucketName', 'CorsConfiguration', 'NotificationConfiguration'],
  ignores: {
    ...TAGS,
    BucketEncryption: 'nothing is encrypted on this machine',
    LifecycleConfiguration: 'the local S3 removes nothing by age',
    OwnershipControls: 'there is one owner here',
    PublicAccessBlockConfiguration: 'the port is open to this machine only',
  },
  async realise({ logicalId, properties }, { clients: { s3 }, emulators, region }) {
    const name = String(properties['BucketName'] ?? generatedName(logicalId, 63).toLowerCase());
    // Creating a bucket that is there already leaves it as it is.
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await emulators.gate.allowOrigins(originsOf(logicalId, properties['CorsConfiguration']));
    await emulators.gate.notifyOfObjects(name, notificationRules(logicalId, properties['NotificationConfiguration']));
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

/** Which methods and headers a rule names is not looked at: an origin may do all or nothing here. */
const originsOf = (logicalId: string, configuration: unknown): readonly string[] =>
  ((configuration ?? {}) as CorsConfiguration).CorsRules?.flatMap(({ AllowedOrigins }) =>
    exactOrigins(logicalId, AllowedOrigins),
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

function notificationRules(logicalId: string, configuration: unknown): readonly NotificationRule[] {
  const { QueueConfigurations = [], ...others } = (configuration ?? {}) as NotificationConfiguration;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`${logicalId} notifies by ${other}; the local S3 notifies queues only.`);
  return QueueConfigurations.map(({ Id, Event, Queue, Filter }, index) => {
    if (!EVENT.test(Event)) throw new Error(`${logicalId} notifies of ${Event}; the local S3 knows ${EVENT.source}.`);
    const part = (name: string): string =>
      Filter?.S3Key?.Rules?.find((rule) => rule.Name.toLowerCase() === name)?.Value ?? '';
    const id = Id ?? `${logicalId}-${index}`;
    return { id, queueArn: Queue, event: Event, prefix: part('prefix'), suffix: part('suffix') };
  });
}
