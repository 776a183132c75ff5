import { createCipheriv, createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulators, startEmulators } from '../../local/emulators/emulators.ts';
import { run, type S3Program } from './clients/client.ts';
import { filesIn, PROGRAMS } from './clients/programs.ts';
import { clientsOf, type TestClients } from './emulators-clients.ts';

const MIB = 1024 * 1024;
const Bucket = 'uploads';

/** Returns 20 MiB without a pattern, the same each time. */
const large = (): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(20 * MIB));

const FILES: Readonly<Record<string, Buffer>> = {
  'small.csv': Buffer.from('title\nfirst\n'),
  'empty.csv': Buffer.alloc(0),
  'large.bin': large(),
  'Folder/CAPITALS.CSV': Buffer.from('capitals'),
  'Folder/capitals.csv': Buffer.from('small letters'),
  'Folder/one two  three+four.csv': Buffer.from('blanks'),
  'Folder/100%25 & =;$@,!~()*[]{}|<>"^`#?\'.csv': Buffer.from('marks'),
  'Folder/u\u0308 \u00fc.csv': Buffer.from('two forms of one letter'),
  'Folder/😀.csv': Buffer.from('beyond the plane'),
  [`Folder/${'n'.repeat(251)}.csv`]: Buffer.from('long'),
};

const home = mkdtempSync(join(tmpdir(), 'clients-'));
const folder = join(home, 'files');
let emulators: Emulators;
let clients: TestClients;
const target = { endpoint: '', bucket: Bucket, home };
beforeAll(async () => {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  emulators = await startEmulators({ dataDir: join(home, 'data') });
  clients = clientsOf(emulators);
  target.endpoint = emulators.endpoints.s3;
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  clients.close();
  await emulators.stop();
  rmSync(home, { recursive: true });
});

const digest = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const digests = Object.entries(FILES).map(([name, content]) => [name, digest(content)] as const);

/** Reads the objects below a prefix: the rest of each key, and the digest of its bytes. */
async function storedBelow(prefix: string): Promise<readonly (readonly [string, string])[]> {
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
  return await Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      return [Key.slice(prefix.length), digest((await Body?.transformToByteArray()) ?? new Uint8Array())] as const;
    }),
  );
}

/** Creates a queue that receives the events below a prefix. The result counts its messages. */
async function queueOf(name: string, prefix: string): Promise<() => Promise<number>> {
  const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
  const queueArn = `arn:aws:sqs:${emulators.region}:000000000000:${name}`;
  await emulators.gate.notifyOfObjects(Bucket, [
    { id: name, queueArn, event: 's3:ObjectCreated:*', prefix, suffix: '' },
  ]);
  return async () => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return Number(Attributes?.['ApproximateNumberOfMessages']);
  };
}

/** Skips the tests if the program is not installed. */
const describeIf = (condition: boolean) => (condition ? describe : describe.skip);
const isInstalled = ({ version }: S3Program): boolean => version !== undefined;

for (const program of PROGRAMS) {
  const { name, version = '(not installed)', upload, download } = program;
  const prefix = `uploads/${name}/`;

  describeIf(isInstalled(program))(`${name} ${version}`, () => {
    it('uploads small, empty and large files and odd keys, with one event each', async () => {
      const messages = await queueOf(name, prefix);
      const testEvents = await messages();
      await upload(target, folder, prefix);
      expect(Object.fromEntries(await storedBelow(prefix))).toEqual(Object.fromEntries(digests));
      expect((await messages()) - testEvents).toBe(digests.length);
    });

    if (!download) return;
    it('downloads them', async () => {
      const into = join(home, `from-${name}`);
      mkdirSync(into);
      await download(target, prefix, into);
      const found = filesIn(into).map((file) => [relative(into, file), digest(readFileSync(file))]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(digests));
    });
  });
}

describeIf(PROGRAMS.some((program) => program.name === 'aws' && isInstalled(program)))('a program', () => {
  it('shows the message of the local S3 about an unsupported request', async () => {
    const copy = ['s3', 'cp', '--acl', 'public-read', join(folder, 'small.csv'), `s3://${Bucket}/public.csv`];
    const refused = run(target, 'aws', '--endpoint-url', target.endpoint, ...copy);
    await expect(refused).rejects.toThrow('The local S3 does not support x-amz-acl: public-read.');
  });
});
