import { eventIdOf, itemId, type Job, type JobEvent } from '../../../src/engine/index.ts';
import { endOf, TERMINAL } from './end-checks.ts';
import type { History, Remains } from './history.ts';

/** Returns every way in which a history breaks a guarantee, as a line that begins with the guarantee's id. Pure. */
export function violationsOf(history: History): readonly string[] {
  if (!history.isQuiet) return ['L3: the world does not come to rest: a message is delivered without end'];
  return [
    ...history.files.flatMap((file) => [
      ...endOf(file, history).map((line) => `${line} (job ${file.target.jobId})`),
      ...sightsOf(file).map((line) => `${line} (job ${file.target.jobId})`),
    ]),
    ...inventionsIn(history),
    ...eventsOf(history),
    ...new Set(history.backlog),
  ];
}

/** S1: every task comes from a row, and every job from a file. */
function inventionsIn({ files, visibleIds, jobIds }: History): string[] {
  const known = new Set(files.flatMap(({ target }) => target.rows.map((_, index) => itemId(target.jobId, index))));
  const knownJobs = new Set(files.map(({ target }) => target.jobId));
  return [
    ...visibleIds.filter((id) => !known.has(id)).map((id) => `S1: task ${id} comes from no row`),
    ...jobIds.filter((id) => !knownJobs.has(id)).map((id) => `S1: job ${id} comes from no file`),
  ];
}

/** S4 honest progress, S5 no early completion, S6 one terminal fact, checked at every moment. */
function sightsOf({ target: { rows }, sights }: Remains): string[] {
  const lines: string[] = [];
  let before = { done: 0, percent: 0, status: 'NEW', items: 0, attempt: 0, processed: 0 };
  for (const { step, job, progress, recovered, events } of sights) {
    const { succeeded, failed, itemCount, percent, unprocessed } = progress;
    const done = succeeded + failed;
    const expectThat = (holds: boolean, line: string): void => void (holds || lines.push(`${line}, at step ${step}`));
    expectThat(done >= before.done, `S4: ${before.done} outcomes became ${done}`);
    expectThat(percent >= before.percent, `S4: ${before.percent} % became ${percent} %`);
    expectThat(itemCount >= before.items, `S4: ${before.items} rows became ${itemCount}`);
    expectThat(itemCount <= rows.length && done <= itemCount, `S4: ${done} of ${itemCount} of ${rows.length}`);
    expectThat(unprocessed === itemCount - done, `S4: ${unprocessed} rows wait of ${itemCount} with ${done} done`);
    const isResumed = before.status === 'FAILED' && job.attempt > before.attempt;
    const mayTurn = !TERMINAL.has(before.status) || job.status === before.status || isResumed;
    expectThat(mayTurn, `S6: ${before.status} became ${job.status}`);
    expectThat(succeeded + recovered >= before.processed, `S4: ${before.processed} processed rows became fewer`);
    expectThat(recovered <= failed, `S4: ${recovered} rows were imported by redrives, and only ${failed} had failed`);
    const isOver = job.status === 'COMPLETED' || events > 0;
    expectThat(!isOver || (done === rows.length && job.seal?.itemCount === rows.length), `S5: complete with ${done}`);
    const { status, attempt } = job;
    before = { done, percent, status, items: itemCount, attempt, processed: succeeded + recovered };
  }
  return lines;
}

const KIND = new Map([
  ['COMPLETED', 'completed'],
  ['FAILED', 'failed'],
  ['CANCELLED', 'cancelled'],
]);

/** S6: each end of a job has one event, which names its status, and all copies of it are equal. */
function eventsOf({ files, events }: History): string[] {
  return files.flatMap(({ job, runs }) =>
    [...(job ? [job] : []), ...runs.map(({ run }) => run)].flatMap((one) => [
      ...Array.from({ length: one.attempt }, (_, attempt) =>
        eventProblem({ ...one, attempt }, 'failed', events),
      ).flat(),
      ...eventProblem(one, KIND.get(one.status), events),
    ]),
  );
}

function eventProblem(job: Job, expected: string | undefined, events: readonly JobEvent[]): string[] {
  const eventId = eventIdOf(job);
  const copies = new Set(events.filter((event) => event.eventId === eventId).map((event) => JSON.stringify(event)));
  const kinds = [...copies].map((text) => String(JSON.parse(text).kind));
  if (copies.size > 1) return [`S6: different events of job ${job.jobId}: ${[...copies].join(' and ')}`];
  return expected === undefined || kinds[0] === expected
    ? []
    : [`S6: job ${job.jobId} is ${expected}, announced was ${kinds[0] ?? 'nothing'}`];
}
