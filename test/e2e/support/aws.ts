import { AbortMultipartUploadCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';

/** The attributes that count messages: those that wait, those with a receiver, and those that are delayed. */
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** The endpoints of the services of a stack, and its bucket. */
export interface Endpoints {
  readonly s3: string;
  readonly sqs: string;
  readonly bucket: string;
}

/** Acts as an AWS account does, without the API: puts objects into the bucket, and reads the queues. */
export class Aws {
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #bucket: string;

  constructor({ s3, sqs, bucket }: Endpoints) {
    const credentials = { accessKeyId: 'e2e', secretAccessKey: 'e2e' };
    this.#s3 = new S3Client({ region: 'us-east-1', endpoint: s3, credentials, forcePathStyle: true });
    this.#sqs = new SQSClient({ region: 'us-east-1', endpoint: sqs, credentials });
    this.#bucket = bucket;
  }

  /** Puts an object. Resolves to the version's ETag, without quotes. */
  async putObject(key: string, body: string | Uint8Array): Promise<string> {
    const { ETag = '' } = await this.#s3.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: Buffer.from(body) }),
    );
    return ETag.replaceAll('"', '');
  }

  async deleteObject(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  /** Aborts the upload in parts to which the presigned URL of a part belongs. */
  async abortUpload(partUrl: string): Promise<void> {
    const { pathname, searchParams } = new URL(partUrl);
    const Key = decodeURIComponent(pathname).replace(`/${this.#bucket}/`, '');
    const UploadId = searchParams.get('uploadId') ?? '';
    await this.#s3.send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }));
  }

  /** Resolves to the number of messages in each queue. */
  async queueDepths(): Promise<Readonly<Record<string, number>>> {
    const urls = await this.#queueUrls();
    const depths = await Promise.all(
      urls.map(async (url) => [url.slice(url.lastIndexOf('/') + 1), await this.#depth(url)] as const),
    );
    return Object.fromEntries(depths);
  }

  async receive(queue: string): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: await this.#queueUrl(queue), MaxNumberOfMessages: 10 });
    return (await this.#sqs.send(command)).Messages ?? [];
  }

  async delete(queue: string, { ReceiptHandle }: Message): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: await this.#queueUrl(queue), ReceiptHandle }));
  }

  async send(queue: string, body: unknown): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: await this.#queueUrl(queue),
      MessageBody: JSON.stringify(body),
    });
    await this.#sqs.send(command);
  }

  /** Deletes every message that waits in a queue. */
  async drop(queue: string): Promise<void> {
    for (let lost = await this.receive(queue); lost.length > 0; lost = await this.receive(queue)) {
      await Promise.all(lost.map((message) => this.delete(queue, message)));
    }
  }

  async setVisibilityTimeout(queue: string, seconds: number): Promise<void> {
    const Attributes = { VisibilityTimeout: String(seconds) };
    await this.#sqs.send(new SetQueueAttributesCommand({ QueueUrl: await this.#queueUrl(queue), Attributes }));
  }

  close(): void {
    this.#s3.destroy();
    this.#sqs.destroy();
  }

  async #depth(url: string): Promise<number> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...COUNTS] }),
    );
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  async #queueUrls(): Promise<readonly string[]> {
    return (await this.#sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [];
  }

  async #queueUrl(queue: string): Promise<string> {
    const urls = await this.#queueUrls();
    const found = urls.find((url) => url.endsWith(queue));
    if (found === undefined) throw new Error(`No queue's name ends with ${queue}. The queues are: ${urls.join(', ')}`);
    return found;
  }
}
