import { allDone } from '../all-done.ts';
import type { Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import type { Jobs } from '../ports/jobs.ts';
import { verdictsOfRun, type FailurePorts, type PlacedVerdict, type RunPosition } from './verdicts.ts';
import { runsOf } from '../stored-jobs.ts';

/** Where the failures of a job go on, those of its redrives included. */
export interface FailurePosition {
  readonly item: number;
  /** Of each run, the job's own first; one that is not here goes on from its beginning. */
  readonly runs: readonly RunPosition[];
}

export interface FailurePage {
  readonly failures: readonly ItemFailure[];
  /** Absent: there are no more. */
  readonly next?: FailurePosition;
}

export const firstFailure = (item = 0): FailurePosition => ({ item, runs: [] });

export interface RemainingPorts extends FailurePorts {
  readonly jobs: Jobs;
}

/** Of a page, in characters: it is held in memory, and an item may have 64 KiB, or as many cells. */
const PAGE_WEIGHT = 4 * 1024 * 1024;

/** What an empty cell weighs. */
const CELL_WEIGHT = 8;

const weightOf = ({ cells, value = '' }: ItemFailure): number =>
  cells.reduce((sum, cell) => sum + cell.length + CELL_WEIGHT, value.length);

/**
 * The failed items of a job that no redrive has brought in, in order, with what the latest run says of each. All of it
 * is the ledger's word. Pages of `size`; shorter where items are large, shorter or empty where redrives have brought
 * items in.
 */
export async function* remainingFailures(
  ports: RemainingPorts,
  job: Job,
  from: FailurePosition,
  size: number,
): AsyncGenerator<FailurePage> {
  let failures: ItemFailure[] = [];
  let [looked, weight] = [0, 0];
  for await (const { place, failure } of latestVerdicts(ports, job, from)) {
    if (looked === size || weight >= PAGE_WEIGHT) {
      yield { failures, next: place };
      [failures, looked, weight] = [[], 0, 0];
    }
    looked += 1;
    if (!failure) continue;
    failures.push(failure);
    weight += weightOf(failure);
  }
  yield { failures };
}

/** The items of a job up to one that stand failed, and where to go on: before that one, where items are large. */
export async function failuresUpTo(
  ports: RemainingPorts,
  job: Job,
  from: FailurePosition,
  endItem: number,
): Promise<Required<FailurePage>> {
  const failures: ItemFailure[] = [];
  let weight = 0;
  for await (const { place, failure } of latestVerdicts(ports, job, from)) {
    if (place.item >= endItem || weight >= PAGE_WEIGHT) return { failures, next: place };
    if (!failure) continue;
    failures.push(failure);
    weight += weightOf(failure);
  }
  return { failures, next: { item: endItem, runs: [job, ...(await runsOf(ports.jobs, job))].map(() => END) } };
}

/** One run's verdicts and the next of them. */
interface Stream {
  readonly iterator: AsyncIterator<PlacedVerdict>;
  head: PlacedVerdict | undefined;
}

/** Merges the verdicts of all runs by item; of those about one item the latest run's stands. */
async function* latestVerdicts(
  ports: RemainingPorts,
  job: Job,
  from: FailurePosition,
): AsyncGenerator<{ readonly place: FailurePosition; readonly failure?: ItemFailure }> {
  const runs = [job, ...(await runsOf(ports.jobs, job))];
  const streams = await allDone(
    runs.map((run, at) => open(verdictsOfRun(ports, run, from.runs[at] ?? { segment: 0, batch: 0 }, from.item))),
  );
  for (;;) {
    const item = Math.min(...streams.map(({ head }) => head?.index ?? Infinity));
    const ofItem = streams.filter(({ head }) => head?.index === item);
    const latest = ofItem.at(-1)?.head;
    if (!latest) return;
    const place = { item, runs: streams.map(({ head }) => head?.place ?? END) };
    yield { place, ...(latest.failure && { failure: latest.failure }) };
    for (const stream of ofItem) await advance(stream);
  }
}

/** After every segment. */
const END: RunPosition = { segment: Number.MAX_SAFE_INTEGER, batch: 0 };

async function open(verdicts: AsyncGenerator<PlacedVerdict>): Promise<Stream> {
  const stream: Stream = { iterator: verdicts, head: undefined };
  await advance(stream);
  return stream;
}

async function advance(stream: Stream): Promise<void> {
  const { done, value } = await stream.iterator.next();
  stream.head = done ? undefined : value;
}
