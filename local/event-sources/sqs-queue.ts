import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeployedMapping } from '../model.ts';
import { toSqsRecord, type SqsRecord } from './sqs-event.ts';

const RECEIVE_MAX = 10;
const DELETE_ATTEMPTS = 3;

/** Not 0, because fauxqs loses a message on disk whose visibility timeout is set to 0. */
const RELEASE_SECONDS = 1;

/** The operations of a queue that an event source mapping needs. */
export interface MessageQueue {
  receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsRecord[]>;
  delete(records: readonly SqsRecord[]): Promise<void>;
  /** Makes messages visible again that no function has seen, for the next start. */
  release(records: readonly SqsRecord[]): Promise<void>;
}

/** A queue of SQS for an event source mapping. */
export class SqsQueue implements MessageQueue {
  readonly #client: SQSClient;
  readonly #releasingClient: SQSClient;
  readonly #url: string;
  readonly #arn: string;

  constructor(client: SQSClient, releasingClient: SQSClient, { queueUrl, queueArn }: DeployedMapping) {
    this.#client = client;
    this.#releasingClient = releasingClient;
    this.#url = queueUrl;
    this.#arn = queueArn;
  }

  async receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsRecord[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(RECEIVE_MAX, count),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#client.send(command, { abortSignal: signal });
    return Messages.map((message) => toSqsRecord(message, this.#arn));
  }

  /**
   * Deletes the messages. A message that cannot be deleted in a few attempts is delivered again after its visibility
   * timeout.
   */
  async delete(records: readonly SqsRecord[]): Promise<void> {
    let left = toEntries(records);
    for (let attempt = 1; left.length > 0 && attempt <= DELETE_ATTEMPTS; attempt++) {
      const requests = toChunks(left).map((Entries) => new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      const responses = await Promise.all(requests.map((request) => this.#client.send(request)));
      const failed = new Set(responses.flatMap(({ Failed = [] }) => Failed.map(({ Id }) => Id)));
      left = left.filter(({ Id }) => failed.has(Id));
    }
  }

  async release(records: readonly SqsRecord[]): Promise<void> {
    const released = toEntries(records).map((entry) => ({ ...entry, VisibilityTimeout: RELEASE_SECONDS }));
    const requests = toChunks(released).map(
      (Entries) => new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }),
    );
    await Promise.all(requests.map((request) => this.#releasingClient.send(request)));
  }
}

/** The ids are indexes, because a batch can contain the same message twice. */
const toEntries = (records: readonly SqsRecord[]): { Id: string; ReceiptHandle: string }[] =>
  records.map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle }));

function toChunks<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / RECEIVE_MAX);
  return Array.from({ length: count }, (_, n) => entries.slice(n * RECEIVE_MAX, (n + 1) * RECEIVE_MAX));
}
