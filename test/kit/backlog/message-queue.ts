export interface TimedMessage<Body> {
  readonly body: Body;
  readonly sentAt: number;
  /** The message was received before, and not deleted. */
  readonly isRepeated?: true;
}

interface Sender<Body> {
  readonly messages: readonly TimedMessage<Body>[];
  /** The index of the first message that was not taken. */
  readonly next: number;
}

/** A queue that delivers first what was sent first. Each sender adds its messages in order of their instants. */
export class MessageQueue<Body> {
  /** The senders, in order of their next messages. */
  readonly #senders: Sender<Body>[] = [];
  #inFlight: { readonly until: number; readonly messages: number }[] = [];
  sent = 0;

  /** Adds the messages that one invocation sent. */
  add(messages: readonly TimedMessage<Body>[]): void {
    this.sent += messages.length;
    this.#append(messages);
  }

  /** Deletes messages at the instant at which their receiver is done. */
  delete(messages: readonly TimedMessage<Body>[], until: number): void {
    this.#inFlight.push({ until, messages: messages.length });
  }

  /** Keeps messages whose receiver died. They come again when their visibility timeout ends. */
  leave(messages: readonly TimedMessage<Body>[], until: number): void {
    this.delete(messages, until);
    this.#append(messages.map(({ body }) => ({ body, sentAt: until, isRepeated: true })));
  }

  #append(messages: readonly TimedMessage<Body>[], next = 0): void {
    const first = messages[next];
    if (!first) return;
    const position = this.#senders.findIndex((sender) => nextAt(sender) > first.sentAt);
    this.#senders.splice(position === -1 ? this.#senders.length : position, 0, { messages, next });
  }

  /** The instant at which the first of its messages was sent, or will be. Infinity if there is none. */
  get firstAt(): number {
    const [first] = this.#senders;
    return first ? nextAt(first) : Infinity;
  }

  /** Returns how many messages wait, or are with a receiver, at an instant. */
  depth(now: number): number {
    this.#inFlight = this.#inFlight.filter(({ until }) => until > now);
    const inFlight = this.#inFlight.reduce((sum, { messages }) => sum + messages, 0);
    return this.#senders.reduce((sum, { messages, next }) => sum + countUntil(messages, now) - next, inFlight);
  }

  /** Takes the first messages in the queue, at most `count`. */
  take(now: number, count: number): TimedMessage<Body>[] {
    const taken: TimedMessage<Body>[] = [];
    while (taken.length < count && this.firstAt <= now) {
      const { messages, next } = this.#senders.shift()!;
      taken.push(messages[next]!);
      this.#append(messages, next + 1);
    }
    return taken;
  }
}

const nextAt = ({ messages, next }: Sender<unknown>): number => messages[next]!.sentAt;

function countUntil(messages: readonly TimedMessage<unknown>[], now: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (messages[middle]!.sentAt <= now) low = middle + 1;
    else high = middle;
  }
  return low;
}
