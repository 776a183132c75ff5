import { BatchProcessor } from './batch-processor.ts';
import type { Batch } from '../model/batch.ts';
import type { JobDefinition } from '../definition.ts';
import { LastTries } from './last-tries.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Tries } from '../ports/tries.ts';
import type { ProcessPorts } from './process.ts';
import { settle } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

export interface DeadLetterPorts extends ProcessPorts {
  readonly tries: Tries;
}

/**
 * Finds an outcome for every item of a batch whose message became a dead letter. Without it, one item that always kills
 * its worker would leave its job in progress for ever.
 */
export class DeadLetters<Row> {
  readonly #ports: DeadLetterPorts;
  readonly #batches: BatchProcessor<Row>;
  readonly #tries: LastTries<Row>;

  constructor(ports: DeadLetterPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#batches = new BatchProcessor(ports, definition);
    this.#tries = new LastTries(ports, definition);
  }

  /** Rejects if the message must be delivered again, because an item has no outcome yet and may still get one. */
  async process(batch: Batch, deadline: Deadline): Promise<void> {
    const job = await readJob(this.#ports.jobs, batch);
    const segment = await this.#batches.processDeadLetter(job, batch, (rows) =>
      this.#tries.importEach(job, batch, rows, deadline),
    );
    await settle(this.#ports, job, [segment]);
  }
}
