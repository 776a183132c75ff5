import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { chunk } from '../retry.ts';

/** A message that was received and left undone. */
export interface Postponed {
  readonly receiptHandle: string;
  /** The new visibility timeout. */
  readonly seconds: number;
}

/** `ChangeMessageVisibilityBatch` takes at most this many entries. */
const ENTRIES_PER_CALL = 10;

/** Changes when received messages are delivered again. */
export class SqsVisibility {
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  /** Resolves to how many messages keep their visibility timeout, because the queue refused the change. */
  async postpone(queueArn: string, messages: readonly Postponed[]): Promise<number> {
    const refused = await Promise.all(
      chunk(messages, ENTRIES_PER_CALL).map(async (some) => {
        const Entries = some.map(({ receiptHandle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: toQueueUrl(queueArn), Entries });
        return (await this.#client.send(command)).Failed?.length ?? 0;
      }),
    );
    return refused.reduce((sum, count) => sum + count, 0);
  }
}

/** An event names its queue only by ARN. */
function toQueueUrl(queueArn: string): string {
  const [, partition, , region, account, name] = queueArn.split(':');
  return `https://sqs.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}/${account}/${name}`;
}
