import type { FunctionName } from '../../../src/contract/index.ts';
import { ALL_DONE, sqsEvent } from './messages.ts';
import type { Service } from './service.ts';

/** Delivers messages from queues to functions by hand, and keeps them to deliver them again. Each must be handled. */
export class Postman {
  readonly #service: Service;
  readonly #delivered: { readonly to: FunctionName; readonly body: string }[] = [];

  constructor(service: Service) {
    this.#service = service;
  }

  /** Delivers and deletes every message of a queue, ten at a time. Resolves to their number. */
  async deliver(queue: string, to: FunctionName): Promise<number> {
    const before = this.#delivered.length;
    for (;;) {
      const messages = await this.#service.aws.receive(queue);
      if (messages.length === 0) return this.#delivered.length - before;
      const bodies = messages.map(({ Body = '' }) => Body);
      await this.#invoke(to, bodies, 1);
      await Promise.all(messages.map((message) => this.#service.aws.delete(queue, message)));
      this.#delivered.push(...bodies.map((body) => ({ to, body })));
    }
  }

  /** Delivers every message again that was ever delivered, one by one, from the last to the first. */
  async deliverAllAgain(receiveCount: number): Promise<void> {
    for (const { to, body } of this.#delivered.toReversed()) await this.#invoke(to, [body], receiveCount);
  }

  async #invoke(to: FunctionName, bodies: readonly string[], receiveCount: number): Promise<void> {
    const response = await this.#service.invoke(to, sqsEvent(bodies, receiveCount));
    if (JSON.stringify(response) !== JSON.stringify(ALL_DONE))
      throw new Error(`${to} returned ${JSON.stringify(response)}`);
  }
}
