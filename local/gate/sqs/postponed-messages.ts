/** A thousandth of a second, in the seconds that fauxqs multiplies. */
const AT_ONCE_SECONDS = 0.001;

interface Visibility {
  VisibilityTimeout?: number;
}

/** When messages come again whose receiver changes their visibility timeout. */
export class PostponedMessages {
  #times = 1;

  /** They come again so many times sooner than was asked for: a test cannot wait for hours. */
  hurry(times: number): void {
    this.#times = times;
  }

  /**
   * Makes `ChangeMessageVisibility` to 0 the shortest timeout there is. For 0 fauxqs writes a receive count of null,
   * which its database on disk refuses after the message has left memory: it would be gone until a restart.
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
