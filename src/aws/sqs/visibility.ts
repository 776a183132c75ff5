import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { chunk } from '../retry.ts';

/** A message that was received and not done, and how long it shall stay away. */
export interface Postponed {
  readonly receiptHandle: string;
  readonly seconds: number;
}

/** `ChangeMessageVisibilityBatch` takes at most this many entries. */
const ENTRIES_PER_CALL = 10;

/** When received messages are delivered again. */
export class SqsVisibility {
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  /** Resolves to how many messages come again at the queue's own time, because it refused another. */
  async postpone(queueArn: string, messages: readonly Postponed[]): Promise<number> {
    const refused = await Promise.all(
      chunk(messages, ENTRIES_PER_CALL).map(async (some) => {
        const Entries = some.map(({ receiptHandle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: urlOf(queueArn), Entries });
        return (await this.#client.send(command)).Failed?.length ?? 0;
      }),
    );
    return refused.reduce((sum, count) => sum + count, 0);
  }
}

/** Where a queue is; an event names its queue by ARN alone. */
function urlOf(queueArn: string): string {
  const [, partition, , region, account, name] = queueArn.split(':');
  return `https://sqs.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}/${account}/${name}`;
}
