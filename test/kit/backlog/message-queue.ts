export interface TimedMessage<Body> {
  readonly body: Body;
  readonly sentAt: number;
}

/** A queue that hands out what was sent first. Each sender's messages are added in order of their instants. */
export class MessageQueue<Body> {
  readonly #senders: { readonly messages: TimedMessage<Body>[]; next: number }[] = [];
  sent = 0;

  /** Adds what one invocation sent. */
  add(messages: TimedMessage<Body>[]): void {
    this.sent += messages.length;
    if (messages.length > 0) this.#senders.push({ messages, next: 0 });
  }

  /** When the first of its messages was sent, or will be; Infinity if there is none. */
  get firstAt(): number {
    return Math.min(...this.#senders.map(({ messages, next }) => messages[next]!.sentAt));
  }

  /** How many messages are there at an instant. */
  depth(now: number): number {
    return this.#senders.reduce((sum, { messages, next }) => sum + countUntil(messages, now) - next, 0);
  }

  /** Takes the first messages that are there, at most `count`. */
  take(now: number, count: number): Body[] {
    const taken: Body[] = [];
    while (taken.length < count && this.firstAt <= now) taken.push(this.#takeFirst());
    return taken;
  }

  #takeFirst(): Body {
    const at = this.firstAt;
    const index = this.#senders.findIndex(({ messages, next }) => messages[next]!.sentAt === at);
    const sender = this.#senders[index]!;
    const { body } = sender.messages[sender.next]!;
    sender.next += 1;
    if (sender.next === sender.messages.length) this.#senders.splice(index, 1);
    return body;
  }
}

function countUntil(messages: readonly TimedMessage<unknown>[], now: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (messages[middle]!.sentAt <= now) low = middle + 1;
    else high = middle;
  }
  return low;
}
