import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { QueueDepths } from '../../engine/index.ts';

const count = z.coerce.number().int().min(0);
const depthAttributes = z.object({
  ApproximateNumberOfMessages: count,
  ApproximateNumberOfMessagesNotVisible: count,
  ApproximateNumberOfMessagesDelayed: count,
});

/**
 * A depth counts the messages of a queue that wait, are being processed, or are delayed. SQS counts approximately and a
 * minute late, so a depth is a hint.
 */
export class SqsQueueDepths implements QueueDepths {
  readonly #client: SQSClient;
  readonly #queueUrls: Readonly<Record<keyof QueueDepths, string>>;

  constructor(client: SQSClient, queueUrls: Readonly<Record<keyof QueueDepths, string>>) {
    this.#client = client;
    this.#queueUrls = queueUrls;
  }

  batches(): Promise<number> {
    return this.#readDepth(this.#queueUrls.batches);
  }

  continuations(): Promise<number> {
    return this.#readDepth(this.#queueUrls.continuations);
  }

  completions(): Promise<number> {
    return this.#readDepth(this.#queueUrls.completions);
  }

  async #readDepth(QueueUrl: string): Promise<number> {
    const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...depthAttributes.keyof().options] });
    const { Attributes } = await this.#client.send(get);
    return Object.values(depthAttributes.parse(Attributes)).reduce((sum, messages) => sum + messages, 0);
  }
}
