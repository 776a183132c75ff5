import { BatchWork } from './batch-work.ts';
import type { JobDefinition } from './definition.ts';
import type { Delivery, ProcessPorts } from './process.ts';
import { readJob, settle } from './settle.ts';

/** A dead letter as its queue delivers it. */
export interface DeadLetter extends Pick<Delivery, 'batch'> {
  /** How often the dead-letter queue has delivered it before; Infinity: it will not deliver it again. */
  readonly receivedBefore: number;
}

/**
 * Brings every item of a batch to its outcome whose message was given up: dead letters are input. Without it one item that
 * always kills its worker would leave its job in progress for ever.
 */
export class DeadLetters<Row> {
  readonly #ports: ProcessPorts;
  readonly #work: BatchWork<Row>;

  constructor(ports: ProcessPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#work = new BatchWork(ports, definition);
  }

  async judge({ batch, receivedBefore }: DeadLetter): Promise<void> {
    const job = await readJob(this.#ports.jobs, batch);
    const segment = await this.#work.finish(job, batch, () => this.#work.lastTry(job, batch, receivedBefore));
    await settle(this.#ports, job, [segment]);
  }
}
