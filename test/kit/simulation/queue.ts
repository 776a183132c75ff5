export interface SimulatedMessage<Body> {
  readonly id: number;
  readonly body: Body;
  receiveCount: number;
}

/** A queue that delivers in any order and keeps a message until it is deleted. */
export class SimulatedQueue<Body> {
  #visible: SimulatedMessage<Body>[] = [];
  #ids = 0;

  get size(): number {
    return this.#visible.length;
  }

  send(body: Body): void {
    this.#visible.push({ id: this.#ids++, body, receiveCount: 0 });
  }

  receive(index: number): SimulatedMessage<Body> {
    const [message] = this.#visible.splice(index, 1);
    if (!message) throw new RangeError(`No message ${index} of ${this.#visible.length}`);
    message.receiveCount += 1;
    return message;
  }

  /** Visible again: its receiver failed, or took too long. */
  putBack(message: SimulatedMessage<Body>): void {
    this.#visible.push({ ...message });
  }
}
