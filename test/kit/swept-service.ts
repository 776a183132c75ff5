import { Sweep, type Deadline, type Job, type SweepReport } from '../../src/engine/index.ts';
import { aCut, CREATED_AT } from './factories.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging, MemoryObjects } from './memory/index.ts';

/** The report of a sweep that finds nothing to do. */
export const NOTHING: SweepReport = {
  expired: 0,
  announced: 0,
  started: 0,
  resumed: 0,
  settled: 0,
  resent: 0,
  held: 0,
  repaired: 0,
  adopted: 0,
  failed: 0,
};

const PLENTY: Deadline = { remainingMilliseconds: () => 60_000 };

/** Stores and queues in memory, on a clock of their own. Nothing acts on them but a sweep. */
export class SweptService {
  now = CREATED_AT;
  /** The number of messages that each queue reports. */
  readonly depth = { batches: 0, continuations: 0, completions: 0 };
  /** The reasons why a sweep could not do something. */
  readonly failures: unknown[] = [];
  readonly clock = { now: () => this.now };
  readonly jobs = new MemoryJobs(this.clock);
  readonly ledger = new MemoryLedger(this.clock);
  readonly messaging = new MemoryMessaging();
  readonly objects: MemoryObjects;
  readonly rules = { jobs: this.jobs, clock: this.clock, cut: aCut(), prefix: 'uploads/', tenant: 'default' };

  constructor(objectsPerPage = 1_000) {
    this.objects = new MemoryObjects(64, { objectsPerPage });
  }

  get ports() {
    const { jobs, ledger, objects, messaging, clock, depth } = this;
    return {
      jobs,
      ledger,
      failures: ledger,
      sources: objects,
      manifests: objects,
      listing: objects,
      batches: messaging.batches,
      continuations: messaging.continuations,
      announcer: messaging.announcer,
      depths: {
        batches: async () => depth.batches,
        continuations: async () => depth.continuations,
        completions: async () => depth.completions,
      },
      clock,
    };
  }

  wait(minutes = 1): void {
    this.now += minutes * 60_000 + 1;
  }

  sweep(deadline = PLENTY, ports: Partial<SweptService['ports']> = {}): Promise<SweepReport> {
    return new Sweep({ ...this.ports, ...ports }, this.rules).run(deadline, (reason) => this.failures.push(reason));
  }

  /** Sweeps after a minute in which nothing happened. */
  sweepLater(): Promise<SweepReport> {
    this.wait();
    return this.sweep();
  }

  /** Sweeps once a minute. Resolves to the minutes, from 1, in which the sweep reported something of a kind. */
  async minutesOf(kind: keyof SweepReport, minutes: number): Promise<number[]> {
    const found: number[] = [];
    for (let minute = 1; minute <= minutes; minute += 1) if ((await this.sweepLater())[kind] > 0) found.push(minute);
    return found;
  }

  /** Stores a job with its object, so that no sweep adopts that. */
  async create(job: Job): Promise<Job> {
    await this.objects.put(job.source.key, Buffer.from('name\nAda\nBob\n'));
    return this.jobs.create({ ...job, source: { key: job.source.key, ...this.objects.version(job.source.key) } });
  }
}
