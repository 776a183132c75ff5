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
 * How many messages wait in a queue, are being processed, or are delayed. SQS counts approximately and a minute late,
 * so a depth is a hint.
 */
export class SqsQueueDepths implements QueueDepths {
  readonly #client: SQSClient;
  readonly #queueUrls: Readonly<Record<keyof QueueDepths, string>>;

  constructor(client: SQSClient, queueUrls: Readonly<Record<keyof QueueDepths, string>>) {
    this.#client = client;
    this.#queueUrls = queueUrls;
  }

  batches(): Promise<number> {
    return this.#depthOf(this.#queueUrls.batches);
  }

  continuations(): Promise<number> {
    return this.#depthOf(this.#queueUrls.continuations);
  }

  completions(): Promise<number> {
    return this.#depthOf(this.#queueUrls.completions);
  }

  async #depthOf(QueueUrl: string): Promise<number> {
    const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...depthAttributes.keyof().options] });
    const { Attributes } = await this.#client.send(ask);
    return Object.values(depthAttributes.parse(Attributes)).reduce((sum, messages) => sum + messages, 0);
  }
}
