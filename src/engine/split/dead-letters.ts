import { continuationOf, type Continuation } from '../model/continuation.ts';
import type { FanOut } from './fan-out.ts';
import { isResumable, isTerminal, segmentKey, segmentOf, type Job } from '../model/job.ts';
import { DEADLY_TRIES, NotedTries, type NotedTriesPorts, type TryKey } from '../process/noted-tries.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Continuations } from '../ports/messaging.ts';
import { announceEnd, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

/** What the message said that has been given up. */
export type GivenUp = Omit<Continuation, 'resendFrom'>;

export interface GivenUpPorts extends NotedTriesPorts, Pick<SettlePorts, 'jobs' | 'announcer'> {
  readonly continuations: Continuations;
}

/**
 * Fan-outs whose messages were given up. One that got on since its message was sent gets another message. One that did
 * not is tried alone, in a place of its own: only deaths are a verdict, so the job fails if workers die over it again
 * and again. An error is that of a service, and the message comes again.
 */
export class GivenUpFanOuts {
  readonly #ports: GivenUpPorts;
  readonly #fanOut: Pick<FanOut, 'resume'>;
  readonly #tries: NotedTries;

  /** `fanOut` has to reject if a service takes so long that its worker would be ended. */
  constructor(ports: GivenUpPorts, fanOut: Pick<FanOut, 'resume'>) {
    this.#ports = ports;
    this.#fanOut = fanOut;
    this.#tries = new NotedTries(ports);
  }

  /** Rejects if the message must come again. */
  async judge(givenUp: GivenUp, deadline: Deadline): Promise<void> {
    const { continuations, jobs } = this.#ports;
    // What comes after a job's end fails nothing: somebody asked for it, and it is tried again for as long as it takes.
    if (givenUp.redrive) return continuations.send(givenUp);
    const job = await readJob(jobs, givenUp);
    if (givenUp.reopens && isResumable(job) && job.attempt === givenUp.attempt) return continuations.send(givenUp);
    if (isTerminal(job)) return announceEnd(this.#ports, job);
    if (job.seal || !isWhereItWas(job, givenUp)) return this.#send(job, givenUp);
    const place = placeOf(job);
    const deadly = await this.#tries.deadly(place.key, place.batch, deadline);
    if (deadly.has(place.tried)) return this.#fail(job, givenUp);
    await this.#tries.tryAlone(place, deadline, () => this.#fanOut.resume(givenUp, deadline, true));
  }

  /** Unless somebody moved or sealed the job in between. */
  async #fail(job: Job, givenUp: GivenUp): Promise<void> {
    const failure = {
      code: 'SPLIT_RETRIES_EXHAUSTED' as const,
      message: `${DEADLY_TRIES} workers in a row ended while they read the file on from row ${job.checkpoint.nextItem + 1}. Redrive it to go on from there.`,
    };
    const guard = { isSealed: false, nextBatch: job.checkpoint.nextBatch };
    const at = this.#ports.clock.now();
    const ended = await this.#ports.jobs.finish(job, { status: 'FAILED', at, failure, guard });
    await (isTerminal(ended) ? announceEnd(this.#ports, ended) : this.#send(ended, givenUp));
  }

  #send(job: Job, { recovery }: GivenUp): Promise<void> {
    return this.#ports.continuations.send(continuationOf(job, { recovery }));
  }
}

const isWhereItWas = ({ checkpoint, attempt }: Job, givenUp: GivenUp): boolean =>
  checkpoint.nextBatch === givenUp.nextBatch && attempt === givenUp.attempt;

/** Another attempt begins without the deaths of the one before. */
const placeOf = (job: Job): TryKey => {
  const batch = job.checkpoint.nextBatch;
  return { key: segmentKey(job, segmentOf(job.cut, batch)), batch, tried: `split${job.attempt}` };
};
