import type { MessageQueue, TimedMessage } from './message-queue.ts';

const SECOND = 1_000;

export interface FunctionsSetting {
  /** How many run at once. */
  readonly places: number;
  readonly messagesPerInvocation: number;
  /** Of the queue: messages of an invocation that dies come again after it. */
  readonly visibilitySeconds: number;
  /** Nobody takes messages before. */
  readonly opensAt: number;
  /** One of so many invocations dies before it does anything. */
  readonly diesOnceIn: number;
}

/** The functions behind one queue, in virtual time. */
export class Functions<Body> {
  readonly #queue: MessageQueue<Body>;
  readonly #setting: FunctionsSetting;
  readonly #freeAt: number[];
  /** Has its effects at once. Resolves to how long it takes, in milliseconds. */
  readonly #run: (messages: readonly TimedMessage<Body>[]) => Promise<number>;
  #invocations = 0;

  constructor(
    queue: MessageQueue<Body>,
    setting: FunctionsSetting,
    run: (messages: readonly TimedMessage<Body>[]) => Promise<number>,
  ) {
    this.#queue = queue;
    this.#setting = setting;
    this.#freeAt = Array.from({ length: setting.places }, () => setting.opensAt);
    this.#run = run;
  }

  /** When the next message can be taken; Infinity if there is none. */
  get nextAt(): number {
    return Math.max(this.#queue.firstAt, Math.min(...this.#freeAt));
  }

  /** When the last invocation ends. */
  get endAt(): number {
    return Math.max(...this.#freeAt);
  }

  async invoke(now: number): Promise<void> {
    const { messagesPerInvocation, diesOnceIn, visibilitySeconds } = this.#setting;
    const place = this.#freeAt.indexOf(Math.min(...this.#freeAt));
    const messages = this.#queue.take(now, messagesPerInvocation);
    this.#invocations += 1;
    if (this.#invocations % diesOnceIn === 0) {
      this.#queue.leave(messages, now + visibilitySeconds * SECOND);
      this.#freeAt[place] = now;
      return;
    }
    const until = now + (await this.#run(messages));
    this.#queue.answer(messages, until);
    this.#freeAt[place] = until;
  }
}
