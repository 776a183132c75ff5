import { SQSClient } from '@aws-sdk/client-sqs';
import type { DeployedMapping, DeployedStack } from '../model.ts';
import { LOCAL_SECRET_ACCESS_KEY } from '../account.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { SqsMapping } from './sqs-mapping.ts';
import { ShuffledQueue } from './shuffled-queue.ts';
import { type MessageQueue, SqsQueue } from './sqs-queue.ts';

export interface EventSourcesOptions {
  /** Delivers every received batch to its function so many times before it is deleted. */
  readonly deliveries?: number | undefined;
  /** Delivers messages in a random order that this seed repeats. */
  readonly shuffle?: number | undefined;
  readonly onError: (message: string) => void;
}

export type Invoke = (logicalId: string, event: unknown) => Promise<InvocationResult>;

/** The access key id of the Lambda service itself. It acts in no role, and no function has this id. */
const LAMBDA = 'lambda-service';

/** The event source mappings of a stack, which poll their queues. */
export class EventSources {
  readonly #clients: SQSClient[] = [];
  readonly #mappings: readonly SqsMapping[];

  constructor(
    mappings: readonly DeployedMapping[],
    stack: DeployedStack,
    invoke: Invoke,
    options: EventSourcesOptions,
  ) {
    this.#mappings = mappings.map(
      (mapping) =>
        new SqsMapping({
          mapping,
          queue: this.#toQueue(mapping, stack, options.shuffle),
          invoke: (event) => invoke(mapping.functionLogicalId, event),
          ...options,
        }),
    );
  }

  /** Starts no more invocations. Resolves when the running ones have ended. */
  async drain(): Promise<void> {
    await Promise.all(this.#mappings.map((mapping) => mapping.drain()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#mappings.map((mapping) => mapping.stop()));
    for (const client of this.#clients) client.destroy();
  }

  #toQueue(mapping: DeployedMapping, stack: DeployedStack, seed: number | undefined): MessageQueue {
    const { accessKeyId } = stack.functions.get(mapping.functionLogicalId) ?? { accessKeyId: mapping.logicalId };
    // As on AWS, the mapping polls with the rights of its function. To release messages needs no such right: Lambda
    // does that itself.
    const polling = this.#openClient(stack, accessKeyId);
    const queue = new SqsQueue(polling, this.#openClient(stack, LAMBDA), mapping);
    return seed === undefined ? queue : new ShuffledQueue(queue, seed);
  }

  #openClient(stack: DeployedStack, accessKeyId: string): SQSClient {
    const client = new SQSClient({
      region: stack.region,
      endpoint: stack.endpoints.sqs,
      credentials: { accessKeyId, secretAccessKey: LOCAL_SECRET_ACCESS_KEY },
    });
    this.#clients.push(client);
    return client;
  }
}
