import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeployedMapping } from '../model.ts';
import { sqsRecord, type SqsRecord } from './sqs-event.ts';

const RECEIVE_MAX = 10;
const DELETE_ATTEMPTS = 3;

/** Not 0: on disk, fauxqs loses a message whose visibility timeout is set to 0. */
const GIVE_BACK_SECONDS = 1;

/** What an event source mapping needs of a queue. */
export interface MessageQueue {
  receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsRecord[]>;
  delete(records: readonly SqsRecord[]): Promise<void>;
  /** Makes messages that no function has seen visible again, for the next start. */
  giveBack(records: readonly SqsRecord[]): Promise<void>;
}

/** A queue as an event source mapping uses it. */
export class SqsQueue implements MessageQueue {
  readonly #client: SQSClient;
  readonly #giver: SQSClient;
  readonly #url: string;
  readonly #arn: string;

  constructor(client: SQSClient, giver: SQSClient, { queueUrl, queueArn }: DeployedMapping) {
    this.#client = client;
    this.#giver = giver;
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
    return Messages.map((message) => sqsRecord(message, this.#arn));
  }

  /**
   * A message that can't be deleted in a few attempts is left to its visibility timeout: it will be delivered again.
   */
  async delete(records: readonly SqsRecord[]): Promise<void> {
    let left = entries(records);
    for (let attempt = 1; left.length > 0 && attempt <= DELETE_ATTEMPTS; attempt++) {
      const requests = chunks(left).map((Entries) => new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      const answers = await Promise.all(requests.map((request) => this.#client.send(request)));
      const failed = new Set(answers.flatMap(({ Failed = [] }) => Failed.map(({ Id }) => Id)));
      left = left.filter(({ Id }) => failed.has(Id));
    }
  }

  async giveBack(records: readonly SqsRecord[]): Promise<void> {
    const given = entries(records).map((entry) => ({ ...entry, VisibilityTimeout: GIVE_BACK_SECONDS }));
    const requests = chunks(given).map(
      (Entries) => new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }),
    );
    await Promise.all(requests.map((request) => this.#giver.send(request)));
  }
}

/** Ids are positions, because one message can be in a batch twice. */
const entries = (records: readonly SqsRecord[]): { Id: string; ReceiptHandle: string }[] =>
  records.map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle }));

function chunks<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / RECEIVE_MAX);
  return Array.from({ length: count }, (_, n) => entries.slice(n * RECEIVE_MAX, (n + 1) * RECEIVE_MAX));
}
