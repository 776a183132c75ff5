import { allDone } from '../all-done.ts';
import type { Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import type { Jobs } from '../ports/jobs.ts';
import { verdictsOfRun, type FailurePorts, type PositionedVerdict, type RunPosition } from './verdicts.ts';
import { runsOf } from '../stored-jobs.ts';

/** A position among the failures of a job and its redrives. */
export interface FailurePosition {
  readonly item: number;
  /** The positions of the runs, the job's own first. A run without one is read from its beginning. */
  readonly runs: readonly RunPosition[];
}

export interface FailurePage {
  readonly failures: readonly ItemFailure[];
  /** The position of the next page; absent if this page is the last. */
  readonly next?: FailurePosition;
}

export const firstFailure = (item = 0): FailurePosition => ({ item, runs: [] });

export interface RemainingPorts extends FailurePorts {
  readonly jobs: Jobs;
}

/** The size of a page in characters. A page is held in memory, and an item may have 64 KiB, or as many cells. */
const PAGE_WEIGHT = 4 * 1024 * 1024;

/** The characters that a cell counts for besides its own. */
const CELL_WEIGHT = 8;

const weightOf = ({ cells, value = '' }: ItemFailure): number =>
  cells.reduce((sum, cell) => sum + cell.length + CELL_WEIGHT, value.length);

/**
 * Lists the failed items of a job that no redrive has imported, in order, each with its failure in the latest run.
 * Pages have `size` items. They are shorter where items are large, and shorter or empty where redrives have imported
 * items.
 */
export async function* remainingFailures(
  ports: RemainingPorts,
  job: Job,
  from: FailurePosition,
  size: number,
): AsyncGenerator<FailurePage> {
  let failures: ItemFailure[] = [];
  let [looked, weight] = [0, 0];
  for await (const { position, failure } of latestVerdicts(ports, job, from)) {
    if (looked === size || weight >= PAGE_WEIGHT) {
      yield { failures, next: position };
      [failures, looked, weight] = [[], 0, 0];
    }
    looked += 1;
    if (!failure) continue;
    failures.push(failure);
    weight += weightOf(failure);
  }
  yield { failures };
}

/**
 * Lists the remaining failures of a job before `endItem`, and the position that follows: an earlier one where items are
 * large.
 */
export async function failuresUpTo(
  ports: RemainingPorts,
  job: Job,
  from: FailurePosition,
  endItem: number,
): Promise<Required<FailurePage>> {
  const failures: ItemFailure[] = [];
  let weight = 0;
  for await (const { position, failure } of latestVerdicts(ports, job, from)) {
    if (position.item >= endItem || weight >= PAGE_WEIGHT) return { failures, next: position };
    if (!failure) continue;
    failures.push(failure);
    weight += weightOf(failure);
  }
  return { failures, next: { item: endItem, runs: [job, ...(await runsOf(ports.jobs, job))].map(() => END) } };
}

/** The verdicts of one run, with the next one. */
interface Stream {
  readonly iterator: AsyncIterator<PositionedVerdict>;
  head: PositionedVerdict | undefined;
}

/** Merges the verdicts of all runs by item. Of the verdicts about one item, the latest run's counts. */
async function* latestVerdicts(
  ports: RemainingPorts,
  job: Job,
  from: FailurePosition,
): AsyncGenerator<{ readonly position: FailurePosition; readonly failure?: ItemFailure }> {
  const runs = [job, ...(await runsOf(ports.jobs, job))];
  const streams = await allDone(
    runs.map((run, at) => open(verdictsOfRun(ports, run, from.runs[at] ?? { segment: 0, batch: 0 }, from.item))),
  );
  for (;;) {
    const item = Math.min(...streams.map(({ head }) => head?.index ?? Infinity));
    const ofItem = streams.filter(({ head }) => head?.index === item);
    const latest = ofItem.at(-1)?.head;
    if (!latest) return;
    const position = { item, runs: streams.map(({ head }) => head?.position ?? END) };
    yield { position, ...(latest.failure && { failure: latest.failure }) };
    for (const stream of ofItem) await advance(stream);
  }
}

/** The position after every segment. */
const END: RunPosition = { segment: Number.MAX_SAFE_INTEGER, batch: 0 };

async function open(verdicts: AsyncGenerator<PositionedVerdict>): Promise<Stream> {
  const stream: Stream = { iterator: verdicts, head: undefined };
  await advance(stream);
  return stream;
}

async function advance(stream: Stream): Promise<void> {
  const { done, value } = await stream.iterator.next();
  stream.head = done ? undefined : value;
}
