import type { ServerResponse } from 'node:http';

interface Waiting {
  readonly serve: () => void;
  readonly response: ServerResponse;
}

/** Serves at most so many requests at once. The others wait in the order of their arrival. */
export class ConcurrencyLimit {
  readonly #max: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Serves a request as soon as the limit allows. It counts until its response ends or its connection breaks. */
  run(serve: () => void, response: ServerResponse): void {
    this.#waiting.push({ serve, response });
    this.#next();
  }

  #next(): void {
    while (this.#running < this.#max) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#begin(next);
    }
  }

  /** Serves a request even if its caller has gone away, as AWS does: a request that was sent has its effect. */
  #begin({ serve, response }: Waiting): void {
    if (!response.closed) {
      this.#running++;
      response.once('close', () => {
        this.#running--;
        this.#next();
      });
    }
    serve();
  }
}
