import type { ServerResponse } from 'node:http';

interface Turn {
  readonly serve: () => void;
  readonly response: ServerResponse;
}

/** Serves so many requests at once; the others wait, in their order. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: Turn[] = [];
  #underWay = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** A turn ends with its response, answered or cut off. */
  take(serve: () => void, response: ServerResponse): void {
    this.#waiting.push({ serve, response });
    this.#next();
  }

  #next(): void {
    while (this.#underWay < this.#atOnce) {
      const turn = this.#waiting.shift();
      if (!turn) return;
      this.#begin(turn);
    }
  }

  /** Whoever has gone away meanwhile is served too, as by AWS: what was sent has its effect. */
  #begin({ serve, response }: Turn): void {
    if (!response.closed) {
      this.#underWay++;
      response.once('close', () => {
        this.#underWay--;
        this.#next();
      });
    }
    serve();
  }
}
