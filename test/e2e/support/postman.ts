import type { FunctionName } from '../../../src/contract/index.ts';
import { ALL_DONE, sqsEvent } from './messages.ts';
import type { Service } from './service.ts';

/** Brings messages from queues to functions by hand, and keeps them to deliver them again. Every one must be done. */
export class Postman {
  readonly #service: Service;
  readonly #delivered: { readonly to: FunctionName; readonly body: string }[] = [];

  constructor(service: Service) {
    this.#service = service;
  }

  /** Delivers all that is in a queue, ten messages at a time, and deletes it. Resolves to how many there were. */
  async deliver(queue: string, to: FunctionName): Promise<number> {
    const before = this.#delivered.length;
    for (;;) {
      const messages = await this.#service.aws.receive(queue);
      if (messages.length === 0) return this.#delivered.length - before;
      const bodies = messages.map(({ Body = '' }) => Body);
      await this.#bring(to, bodies, 1);
      await Promise.all(messages.map((message) => this.#service.aws.delete(queue, message)));
      this.#delivered.push(...bodies.map((body) => ({ to, body })));
    }
  }

  /** Everything that was ever delivered, one by one, from the last to the first. */
  async deliverAllAgain(receiveCount: number): Promise<void> {
    for (const { to, body } of this.#delivered.toReversed()) await this.#bring(to, [body], receiveCount);
  }

  async #bring(to: FunctionName, bodies: readonly string[], receiveCount: number): Promise<void> {
    const answer = await this.#service.invoke(to, sqsEvent(bodies, receiveCount));
    if (JSON.stringify(answer) !== JSON.stringify(ALL_DONE))
      throw new Error(`${to} gave back ${JSON.stringify(answer)}`);
  }
}
