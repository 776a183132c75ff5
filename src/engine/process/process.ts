import type { Batch } from '../model/batch.ts';
import { BatchProcessor } from './batch-processor.ts';
import type { JobDefinition } from '../definition.ts';
import { OutOfTimeError } from '../errors.ts';
import { segmentKey, segmentOf, takesWork, type Job } from '../model/job.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Failures } from '../ports/ledger.ts';
import { settle, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';
import type { SegmentRecord } from '../model/segment.ts';

/** One message with one batch, as the queue delivers it. */
export interface Delivery {
  readonly messageId: string;
  readonly batch: Batch;
  /** The queue has delivered this message before: a worker may have died over it. */
  readonly isRepeated: boolean;
}

/** A message that the queue must deliver again, with the error that caused it. */
export interface Undone {
  readonly messageId: string;
  readonly reason: unknown;
}

export interface ProcessPorts extends SettlePorts {
  readonly failures: Failures;
}

/** A batch with every message of this invocation that carries it. */
interface Work {
  readonly batch: Batch;
  readonly deliveries: readonly Delivery[];
}

interface Result {
  /** The segments of the batches, as the ledger had them last. */
  readonly touched: readonly SegmentRecord[];
  readonly undone: readonly Undone[];
}

/** The slowest batch takes no longer, with recording and settling, unless its calls are retried. */
const RESERVE_MILLISECONDS = 3_000;

/**
 * Processes the batches of one invocation, and settles every touched segment at the end. First deliveries are processed
 * together, and a segment is recorded as soon as its batches are done. Repeated deliveries are processed one by one
 * while there is time, and each is recorded as it is done, so a message that kills its worker affects no other.
 */
export class Processor<Row> {
  readonly #ports: ProcessPorts;
  readonly #batches: BatchProcessor<Row>;

  constructor(ports: ProcessPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#batches = new BatchProcessor(ports, definition);
  }

  /** Resolves to the messages that must be delivered again. An error of one job does not affect another job's. */
  async process(deliveries: readonly Delivery[], deadline: Deadline): Promise<readonly Undone[]> {
    const byJob = Map.groupBy(deliveries, ({ batch }) => `${batch.tenant}/${batch.jobId}`);
    const undone = await Promise.all(Array.from(byJob.values(), (ofJob) => this.#processJob(ofJob, deadline)));
    return undone.flat();
  }

  async #processJob(deliveries: readonly Delivery[], deadline: Deadline): Promise<readonly Undone[]> {
    try {
      const { touched, undone } = await this.#processBatches(deliveries, deadline);
      await settle(this.#ports, deliveries[0]!.batch, touched);
      return undone;
    } catch (reason) {
      return toUndone(deliveries, reason);
    }
  }

  async #processBatches(deliveries: readonly Delivery[], deadline: Deadline): Promise<Result> {
    const job = await readJob(this.#ports.jobs, deliveries[0]!.batch);
    const works = distinctBatches(deliveries.filter((delivery) => !isObsolete(job, delivery)));
    const [repeated, first] = partition(works, ({ deliveries: copies }) => copies.some(({ isRepeated }) => isRepeated));
    // A job that was stopped, or is complete, takes no new work. A repeated batch may have been begun, so it is
    // counted.
    const together = takesWork(job) ? await this.#processFirst(job, first) : { touched: [], undone: [] };
    const alone = await this.#processRepeated(job, repeated, deadline);
    const touched = new Map([...together.touched, ...alone.touched].map((segment) => [segment.segment, segment]));
    return { touched: [...touched.values()], undone: [...together.undone, ...alone.undone] };
  }

  async #processFirst(job: Job, works: readonly Work[]): Promise<Result> {
    const segments = await this.#readSegmentsOfCopies(job, works);
    const unrecorded = works.filter((work) => !isRecordedCopy(job, work, segments));
    const touched = [...segments.values()];
    const undone: Undone[] = [];
    const bySegment = Map.groupBy(unrecorded, ({ batch }) => segmentOf(job.cut, batch.batch));
    await Promise.all(
      Array.from(bySegment.values(), async (ofSegment) => {
        const batches = ofSegment.map(({ batch }) => batch);
        const { segment, failed } = await this.#batches.processTogether(job, batches);
        if (segment) touched.push(segment);
        const again = ofSegment.filter(({ batch }) => failed.has(batch.batch));
        undone.push(...again.flatMap(({ batch, deliveries }) => toUndone(deliveries, failed.get(batch.batch))));
      }),
    );
    return { touched, undone };
  }

  /** Only the sweep's copies are looked up: a first delivery from the splitter is almost never recorded. */
  async #readSegmentsOfCopies(job: Job, works: readonly Work[]): Promise<ReadonlyMap<number, SegmentRecord>> {
    const copies = works.filter(({ batch }) => batch.recovery !== undefined);
    const numbers = [...new Set(copies.map(({ batch }) => segmentOf(job.cut, batch.batch)))];
    const segments = await this.#ports.ledger.read(numbers.map((number) => segmentKey(job, number)));
    return new Map(segments.map((segment) => [segment.segment, segment]));
  }

  async #processRepeated(job: Job, works: readonly Work[], deadline: Deadline): Promise<Result> {
    const touched: SegmentRecord[] = [];
    const undone: Undone[] = [];
    for (const { batch, deliveries } of works) {
      try {
        if (deadline.remainingMilliseconds() < RESERVE_MILLISECONDS) throw new OutOfTimeError();
        touched.push(await this.#batches.processAlone(job, batch));
      } catch (reason) {
        undone.push(...toUndone(deliveries, reason));
      }
    }
    return { touched, undone };
  }
}

const toUndone = (deliveries: readonly Delivery[], reason: unknown): readonly Undone[] =>
  deliveries.map(({ messageId }) => ({ messageId, reason }));

/**
 * A copy from an earlier recovery is dropped, because a later recovery has sent everything that the ledger lacked. A
 * repeated copy is processed, because a worker may have begun it.
 */
const isObsolete = ({ resent = 0 }: Job, { batch: { recovery }, isRepeated }: Delivery): boolean =>
  recovery !== undefined && recovery < resent && !isRepeated;

/** A copy of a recorded batch is dropped. */
const isRecordedCopy = (job: Job, { batch }: Work, segments: ReadonlyMap<number, SegmentRecord>): boolean =>
  batch.recovery !== undefined && segments.get(segmentOf(job.cut, batch.batch))?.batches.has(batch.batch) === true;

/** Two copies of one batch in one invocation are processed once. */
const distinctBatches = (deliveries: readonly Delivery[]): readonly Work[] =>
  Array.from(Map.groupBy(deliveries, ({ batch }) => batch.batch).values(), (copies): Work => ({
    batch: copies[0]!.batch,
    deliveries: copies,
  }));

function partition<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const value of values) (test(value) ? yes : no).push(value);
  return [yes, no];
}
