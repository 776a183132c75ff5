import { SQSClient } from '@aws-sdk/client-sqs';
import type { DeployedMapping, DeployedStack } from '../model.ts';
import { LOCAL_SECRET_ACCESS_KEY } from '../account.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { SqsMapping } from './sqs-mapping.ts';
import { ShuffledQueue } from './shuffled-queue.ts';
import { type MessageQueue, SqsQueue } from './sqs-queue.ts';

export interface EventSourcesOptions {
  /** Hands every received batch to its function so many times before it is deleted. */
  readonly deliveries?: number | undefined;
  /** Hands messages over in an order drawn by dice with this seed. */
  readonly shuffle?: number | undefined;
  readonly onError: (message: string) => void;
}

export type Invoke = (logicalId: string, event: unknown) => Promise<InvocationResult>;

/** The service by itself, which acts in no role; no function is called so. */
const LAMBDA = 'lambda-service';

/** Event source mappings of a stack, polling. */
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
          queue: this.#queue(mapping, stack, options.shuffle),
          invoke: (event) => invoke(mapping.functionLogicalId, event),
          ...options,
        }),
    );
  }

  /** No new invocations; settles when the running ones have ended. */
  async drain(): Promise<void> {
    await Promise.all(this.#mappings.map((mapping) => mapping.drain()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#mappings.map((mapping) => mapping.stop()));
    for (const client of this.#clients) client.destroy();
  }

  #queue(mapping: DeployedMapping, stack: DeployedStack, seed: number | undefined): MessageQueue {
    const { accessKeyId } = stack.functions.get(mapping.functionLogicalId) ?? { accessKeyId: mapping.logicalId };
    // As on AWS, the mapping polls with the rights of its function; giving back is Lambda's own affair.
    const polling = this.#client(stack, accessKeyId);
    const queue = new SqsQueue(polling, this.#client(stack, LAMBDA), mapping);
    return seed === undefined ? queue : new ShuffledQueue(queue, seed);
  }

  #client(stack: DeployedStack, accessKeyId: string): SQSClient {
    const client = new SQSClient({
      region: stack.region,
      endpoint: stack.endpoints.sqs,
      credentials: { accessKeyId, secretAccessKey: LOCAL_SECRET_ACCESS_KEY },
    });
    this.#clients.push(client);
    return client;
  }
}
