/** A millisecond, in the seconds that fauxqs multiplies. */
const AT_ONCE_SECONDS = 0.001;

interface Visibility {
  VisibilityTimeout?: number;
}

/** Changes the visibility timeouts that receivers set. */
export class PostponedMessages {
  #times = 1;

  /** Makes postponed messages visible so many times sooner than requested: a test cannot wait for hours. */
  hurry(times: number): void {
    this.#times = times;
  }

  /**
   * Makes `ChangeMessageVisibility` to 0 the shortest timeout there is. For 0 fauxqs writes a receive count of null,
   * which its database refuses after the message has left memory. The message would be gone until a restart.
   */
  change(operation: string, body: unknown): void {
    if (operation === 'ChangeMessageVisibility') this.#change(body as Visibility);
    if (operation !== 'ChangeMessageVisibilityBatch') return;
    for (const entry of (body as { Entries?: Visibility[] }).Entries ?? []) this.#change(entry);
  }

  #change(entry: Visibility): void {
    if (typeof entry.VisibilityTimeout !== 'number') return;
    entry.VisibilityTimeout = Math.max(AT_ONCE_SECONDS, entry.VisibilityTimeout / this.#times);
  }
}
