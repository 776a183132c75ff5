import type { Batch } from '../model/batch.ts';
import { BatchWork } from './batch-work.ts';
import type { JobDefinition } from '../definition.ts';
import { OutOfTimeError } from '../errors.ts';
import { segmentKey, segmentOf, takesWork, type Job } from '../model/job.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Failures } from '../ports/ledger.ts';
import { record } from './record.ts';
import { settle, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';
import type { BatchOutcome, SegmentRecord } from '../model/segment.ts';

/** One message with one batch, as the queue delivers it. */
export interface Delivery {
  readonly messageId: string;
  readonly batch: Batch;
  /** The queue has delivered this message before: somebody may have died over it. */
  readonly isRepeated: boolean;
}

/** A message to be delivered again, and why. */
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

interface Done {
  readonly work: Work;
  readonly outcome: BatchOutcome;
}

/** What the slowest batch takes that waits for nobody, with its record and the settling of its segment. */
const RESERVE_MILLISECONDS = 3_000;

type Fail = (of: readonly Delivery[], reason: unknown) => void;

/**
 * Processes the batches of one invocation: decide, apply, void, keep the failures, and only then record; at the end
 * settle every segment touched. First deliveries go together, and each segment is recorded as soon as its batches are
 * done; repeated ones go one by one while there is time, each recorded as it is done, so that one that kills its worker
 * takes no other along.
 */
export class Processor<Row> {
  readonly #ports: ProcessPorts;
  readonly #work: BatchWork<Row>;

  constructor(ports: ProcessPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#work = new BatchWork(ports, definition);
  }

  /**
   * Resolves to the messages that must be delivered again. A fault of one job does not touch the messages of another.
   */
  async process(deliveries: readonly Delivery[], deadline: Deadline): Promise<readonly Undone[]> {
    const byJob = Map.groupBy(deliveries, ({ batch }) => `${batch.tenant}/${batch.jobId}`);
    const undone = await Promise.all(Array.from(byJob.values(), (ofJob) => this.#processJob(ofJob, deadline)));
    return undone.flat();
  }

  async #processJob(deliveries: readonly Delivery[], deadline: Deadline): Promise<readonly Undone[]> {
    const undone = new Map<string, Undone>();
    const fail: Fail = (of, reason) => {
      for (const { messageId } of of) undone.set(messageId, { messageId, reason });
    };
    try {
      const touched = await this.#bringIn(deliveries, deadline, fail);
      await settle(this.#ports, deliveries[0]!.batch, touched);
    } catch (reason) {
      fail(deliveries, reason);
    }
    return [...undone.values()];
  }

  /** Everything but settling. Returns the segments touched, as they are in the ledger afterwards. */
  async #bringIn(deliveries: readonly Delivery[], deadline: Deadline, fail: Fail): Promise<readonly SegmentRecord[]> {
    const job = await readJob(this.#ports.jobs, deliveries[0]!.batch);
    const works = distinctBatches(deliveries.filter((delivery) => !isObsolete(job, delivery)));
    const [repeated, first] = partition(works, ({ deliveries: copies }) => copies.some(({ isRepeated }) => isRepeated));
    const touched = new Map<number, SegmentRecord>();
    // A job that was stopped, or is complete, takes no new work; what it may have begun is looked up below.
    if (takesWork(job)) await this.#together(job, await this.#unrecorded(job, first, touched), touched, fail);
    for (const work of repeated) {
      try {
        if (deadline.remainingMilliseconds() < RESERVE_MILLISECONDS) throw new OutOfTimeError();
        const segment = await this.#work.finish(job, work.batch, () => this.#work.execute(job, work.batch));
        touched.set(segment.segment, segment);
      } catch (reason) {
        fail(work.deliveries, reason);
      }
    }
    return [...touched.values()];
  }

  /**
   * Leaves out the copies whose batch is recorded: the splitter's own message was processed before. Only copies are
   * looked up, because a first delivery of the splitter's own message is almost never recorded.
   */
  async #unrecorded(job: Job, works: readonly Work[], touched: Map<number, SegmentRecord>): Promise<readonly Work[]> {
    const copies = works.filter(({ batch }) => batch.recovery !== undefined);
    const segments = [...new Set(copies.map(({ batch }) => segmentOf(job.cut, batch.batch)))];
    for (const stored of await this.#ports.ledger.read(segments.map((segment) => segmentKey(job, segment)))) {
      touched.set(stored.segment, stored);
    }
    return works.filter(
      ({ batch }) =>
        !(batch.recovery !== undefined && touched.get(segmentOf(job.cut, batch.batch))?.batches.has(batch.batch)),
    );
  }

  async #together(job: Job, works: readonly Work[], touched: Map<number, SegmentRecord>, fail: Fail): Promise<void> {
    const bySegment = Map.groupBy(works, ({ batch }) => segmentOf(job.cut, batch.batch));
    await Promise.all(
      Array.from(bySegment, async ([segment, ofSegment]) => {
        const done = await this.#executed(job, ofSegment, fail);
        if (done.length === 0) return;
        try {
          touched.set(segment, await this.#recordTogether(job, segment, done));
        } catch (reason) {
          fail(
            done.flatMap(({ work }) => work.deliveries),
            reason,
          );
        }
      }),
    );
  }

  async #executed(job: Job, works: readonly Work[], fail: Fail): Promise<readonly Done[]> {
    const results = await Promise.allSettled(works.map(({ batch }) => this.#work.execute(job, batch)));
    return results.flatMap((result, position) => {
      const work = works[position]!;
      if (result.status === 'fulfilled') return [{ work, outcome: result.value }];
      fail(work.deliveries, result.reason);
      return [];
    });
  }

  async #recordTogether(job: Job, segment: number, done: readonly Done[]): Promise<SegmentRecord> {
    const outcomes = done.map(({ outcome }) => outcome);
    const recorded = await record(this.#ports.ledger, segmentKey(job, segment), outcomes);
    for (const { work } of done) {
      if (recorded.earlier.has(work.batch.batch)) await this.#work.enforce(job, work.batch, recorded.segment);
    }
    return recorded.segment;
  }
}

/**
 * A copy of an earlier recovery: a later one has sent everything again that was lacking. A repeated one may have begun,
 * and is brought to its end.
 */
const isObsolete = ({ resent = 0 }: Job, { batch: { recovery }, isRepeated }: Delivery): boolean =>
  recovery !== undefined && recovery < resent && !isRepeated;

/** Two copies of one batch in one invocation are one piece of work. */
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
