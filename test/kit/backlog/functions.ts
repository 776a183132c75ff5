import type { MessageQueue, TimedMessage } from './message-queue.ts';

const SECOND = 1_000;

export interface FunctionsSetting {
  /** The number of functions that run at once. */
  readonly slots: number;
  readonly messagesPerInvocation: number;
  /** The visibility timeout of the queue: the messages of an invocation that dies come again after it. */
  readonly visibilitySeconds: number;
  /** The functions take no messages before this instant. */
  readonly opensAt: number;
  /** One in so many invocations dies before it does anything. */
  readonly diesOnceIn: number;
}

/** The functions behind one queue, in virtual time. */
export class Functions<Body> {
  readonly #queue: MessageQueue<Body>;
  readonly #setting: FunctionsSetting;
  readonly #freeAt: number[];
  /** Has its effects at once. Resolves to the milliseconds that it would take. */
  readonly #run: (messages: readonly TimedMessage<Body>[]) => Promise<number>;
  #invocations = 0;

  constructor(
    queue: MessageQueue<Body>,
    setting: FunctionsSetting,
    run: (messages: readonly TimedMessage<Body>[]) => Promise<number>,
  ) {
    this.#queue = queue;
    this.#setting = setting;
    this.#freeAt = Array.from({ length: setting.slots }, () => setting.opensAt);
    this.#run = run;
  }

  /** The instant at which the next message can be taken. Infinity if there is none. */
  get nextAt(): number {
    return Math.max(this.#queue.firstAt, Math.min(...this.#freeAt));
  }

  /** The instant at which the last invocation ends. */
  get endAt(): number {
    return Math.max(...this.#freeAt);
  }

  async invoke(now: number): Promise<void> {
    const { messagesPerInvocation, diesOnceIn, visibilitySeconds } = this.#setting;
    const slot = this.#freeAt.indexOf(Math.min(...this.#freeAt));
    const messages = this.#queue.take(now, messagesPerInvocation);
    this.#invocations += 1;
    if (this.#invocations % diesOnceIn === 0) {
      this.#queue.leave(messages, now + visibilitySeconds * SECOND);
      this.#freeAt[slot] = now;
      return;
    }
    const until = now + (await this.#run(messages));
    this.#queue.delete(messages, until);
    this.#freeAt[slot] = until;
  }
}
