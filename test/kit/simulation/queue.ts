export interface SimulatedMessage<Body> {
  readonly id: number;
  readonly body: Body;
  readonly receiveCount: number;
  readonly visibleAt: number;
}

/**
 * A queue that delivers in any order and keeps a message until it is deleted. A message that comes back too often goes
 * to `deadLetters`, or is parked: no function reads it any more.
 */
export class SimulatedQueue<Body> {
  readonly name: string;
  readonly #maxReceives: number;
  readonly #deadLetters: SimulatedQueue<Body> | undefined;
  #messages: SimulatedMessage<Body>[] = [];
  readonly #inFlight = new Set<SimulatedMessage<Body>>();
  #ids = 0;
  parked = 0;

  constructor(name: string, maxReceives: number, deadLetters?: SimulatedQueue<Body>) {
    this.name = name;
    this.#maxReceives = maxReceives;
    this.#deadLetters = deadLetters;
  }

  /** The number of messages that wait, are delayed, or are with a receiver. */
  get depth(): number {
    return this.#messages.length + this.#inFlight.size;
  }

  /** The bodies of all its messages, in no order. */
  get bodies(): readonly Body[] {
    return [...this.#messages, ...this.#inFlight].map(({ body }) => body);
  }

  send(body: Body, visibleAt: number): void {
    this.#messages.push({ id: this.#ids++, body, receiveCount: 0, visibleAt });
  }

  ready(now: number): number {
    let count = 0;
    for (const { visibleAt } of this.#messages) if (visibleAt <= now) count += 1;
    return count;
  }

  /** Returns the instant at which the next message can be received. */
  nextVisibleAt(): number {
    return Math.min(...this.#messages.map(({ visibleAt }) => visibleAt));
  }

  /** Takes the `nth` of the messages that can be received. */
  receive(now: number, nth: number): SimulatedMessage<Body> {
    const message = this.#messages.filter(({ visibleAt }) => visibleAt <= now)[nth];
    if (!message) throw new RangeError(`Queue ${this.name} has no message ${nth} that can be received`);
    this.#messages = this.#messages.filter((one) => one !== message);
    const received = { ...message, receiveCount: message.receiveCount + 1 };
    this.#inFlight.add(received);
    return received;
  }

  /** Deletes a message with which its receiver is done. */
  delete(message: SimulatedMessage<Body>): void {
    this.#inFlight.delete(message);
  }

  /** Puts a message back whose receiver failed, or took too long. */
  putBack(message: SimulatedMessage<Body>, visibleAt: number): void {
    this.#inFlight.delete(message);
    if (message.receiveCount < this.#maxReceives) this.#messages.push({ ...message, visibleAt });
    else if (this.#deadLetters) this.#deadLetters.send(message.body, visibleAt);
    else this.parked += 1;
  }
}
