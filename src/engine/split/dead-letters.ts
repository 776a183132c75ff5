import {
  toSplitContinuation,
  type Continuation,
  type ReopenContinuation,
  type ResendContinuation,
  type SplitContinuation,
} from '../model/continuation.ts';
import type { FanOut } from './fan-out.ts';
import { isResumable, isTerminal, segmentKey, segmentOf, type Job } from '../model/job.ts';
import { DEADLY_TRIES, NotedTries, type NotedTriesPorts, type TryKey } from '../process/noted-tries.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Continuations } from '../ports/messaging.ts';
import { announceEnd, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

export interface FanOutDeadLetterPorts extends NotedTriesPorts, Pick<SettlePorts, 'jobs' | 'announcer'> {
  readonly continuations: Continuations;
}

/**
 * Handles the dead letters of the splitter. A fan-out that made progress after its message was sent gets another
 * message. One that did not is tried alone, and each try is noted before it begins. Only deaths count: the job fails if
 * several workers in a row die over it. After the error of a service the message is delivered again.
 */
export class FanOutDeadLetters {
  readonly #ports: FanOutDeadLetterPorts;
  readonly #fanOut: Pick<FanOut, 'resume'>;
  readonly #tries: NotedTries;

  /** `fanOut` must reject in time if a service is slow: a worker that is ended would count as a death. */
  constructor(ports: FanOutDeadLetterPorts, fanOut: Pick<FanOut, 'resume'>) {
    this.#ports = ports;
    this.#fanOut = fanOut;
    this.#tries = new NotedTries(ports);
  }

  /** Rejects if the message must be delivered again. */
  handle(deadLetter: Continuation, deadline: Deadline): Promise<void> {
    switch (deadLetter.kind) {
      case 'split':
        return this.#split(deadLetter, deadline);
      case 'resend':
        return this.#resend(deadLetter);
      case 'reopen':
        return this.#reopen(deadLetter);
      case 'plan':
        // A caller asked for it after the end of the job, so it cannot fail the job. It is repeated until it succeeds.
        return this.#send(deadLetter);
    }
  }

  async #split(deadLetter: SplitContinuation, deadline: Deadline): Promise<void> {
    const job = await readJob(this.#ports.jobs, deadLetter);
    if (isTerminal(job)) return announceEnd(this.#ports, job);
    if (job.seal || !isWhereItWas(job, deadLetter)) return this.#continue(job, deadLetter.recovery);
    const tryKey = tryKeyOf(job);
    const deadly = await this.#tries.deadly(tryKey.key, tryKey.batch, deadline);
    if (deadly.has(tryKey.tried)) return this.#fail(job, deadLetter.recovery);
    await this.#tries.tryAlone(tryKey, deadline, () => this.#fanOut.resume(deadLetter, deadline, true));
  }

  /** The fan-out of a sealed job only settles it. The sweep asks again for what still lacks. */
  async #resend(deadLetter: ResendContinuation): Promise<void> {
    await this.#continueOrEnd(await readJob(this.#ports.jobs, deadLetter), deadLetter.recovery);
  }

  /** Repeats what a caller asked for until the job is reopened. From then on it is a fan-out like any other. */
  async #reopen(deadLetter: ReopenContinuation): Promise<void> {
    const job = await readJob(this.#ports.jobs, deadLetter);
    if (isResumable(job) && job.attempt === deadLetter.attempt) await this.#send(deadLetter);
    else await this.#continueOrEnd(job);
  }

  /** Fails the job, unless another invocation moved or sealed it in between. */
  async #fail(job: Job, recovery: number | undefined): Promise<void> {
    const failure = {
      code: 'SPLIT_RETRIES_EXHAUSTED' as const,
      message: `${DEADLY_TRIES} workers in a row ended while they read the file, each from row ${job.checkpoint.nextItem + 1}. Redrive the file to continue from there.`,
    };
    const guard = { isSealed: false, nextBatch: job.checkpoint.nextBatch };
    const at = this.#ports.clock.now();
    const ended = await this.#ports.jobs.finish(job, { status: 'FAILED', at, failure, guard });
    await this.#continueOrEnd(ended, recovery);
  }

  #continueOrEnd(job: Job, recovery?: number): Promise<void> {
    return isTerminal(job) ? announceEnd(this.#ports, job) : this.#continue(job, recovery);
  }

  #continue(job: Job, recovery: number | undefined): Promise<void> {
    return this.#send(toSplitContinuation(job, recovery));
  }

  #send(continuation: Continuation): Promise<void> {
    return this.#ports.continuations.send(continuation);
  }
}

const isWhereItWas = ({ checkpoint, attempt }: Job, sent: SplitContinuation): boolean =>
  checkpoint.nextBatch === sent.nextBatch && attempt === sent.attempt;

/** Names the notes about tries of a fan-out. The attempt is part of it, so the next one begins without deaths. */
const tryKeyOf = (job: Job): TryKey => {
  const batch = job.checkpoint.nextBatch;
  return { key: segmentKey(job, segmentOf(job.cut, batch)), batch, tried: `split${job.attempt}` };
};
