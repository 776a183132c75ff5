import {
  itemId,
  readFailures,
  readProgress,
  type ItemFailure,
  type Job,
  type JobEvent,
  type Progress,
} from '../../../src/engine/index.ts';
import { deleteTask, updateTask, visible, type StoredTask } from '../../../src/tasks/index.ts';
import { TENANT, type Target } from './file.ts';
import type { World } from './world.ts';

/** A job as a person sees it at one moment. */
export interface Sight {
  readonly step: number;
  readonly job: Job;
  readonly progress: Progress;
  /** Events announced by then. */
  readonly events: number;
}

/** What is left of a file at the end. */
export interface Remains {
  readonly target: Target;
  readonly job: Job | undefined;
  readonly progress: Progress | undefined;
  readonly failures: readonly ItemFailure[];
  /** By row. */
  readonly stored: readonly StoredTask[];
  readonly sights: readonly Sight[];
  /** What a person made of the tasks of rows: the title, or deleted. */
  readonly wanted: ReadonlyMap<number, string | undefined>;
}

/** All that the checkers look at. */
export interface History {
  readonly isQuiet: boolean;
  readonly files: readonly Remains[];
  readonly events: readonly JobEvent[];
  /** Of every stored task that can be seen. */
  readonly visibleIds: readonly string[];
  readonly jobIds: readonly string[];
  readonly hadBatchLetters: boolean;
  readonly hadUploadLetters: boolean;
  readonly hadDeployment: boolean;
  readonly hadSweep: boolean;
  /** Processes may have worked on after others had taken their messages over, or on copies of them. */
  readonly hadOverlap: boolean;
  readonly struck: Readonly<Record<string, number>>;
}

const ANY_NUMBER = 1_000;
/** More than the segments of a simulated file, whatever the cut. */
const FROM_THE_START = { segment: 0, batch: 0, item: 0 };

/** Follows the files of a world. */
export class Observer {
  readonly #world: World;
  readonly #sights = new Map<string, Sight[]>();
  readonly #wanted = new Map<string, Map<number, string | undefined>>();

  constructor(world: World) {
    this.#world = world;
  }

  async look(step: number, targets: readonly Target[]): Promise<void> {
    const { jobs, ledger } = this.#world.stores;
    for (const { jobId } of targets) {
      const job = await jobs.read({ tenant: TENANT, jobId });
      if (!job) continue;
      const progress = await readProgress(ledger, job, this.#world.now());
      const events = this.#world.events.filter((event) => event.jobId === jobId && event.kind === 'completed').length;
      const sights = this.#sights.get(jobId) ?? [];
      sights.push({ step, job, progress, events });
      this.#sights.set(jobId, sights);
    }
  }

  /** A person edits or deletes the task of a row, if there is one to see. */
  async edit({ jobId }: Target, row: number, isEdit: boolean): Promise<boolean> {
    const { tasks } = this.#world.stores;
    const id = itemId(jobId, row);
    if (!visible(await tasks.read(TENANT, id))) return false;
    if (isEdit) await updateTask({ tasks, clock: this.#world }, TENANT, id, { title: 'mine', isComplete: true });
    else await deleteTask({ tasks }, TENANT, id);
    const wanted = this.#wanted.get(jobId) ?? new Map<number, string | undefined>();
    this.#wanted.set(jobId, wanted.set(row, isEdit ? 'mine' : undefined));
    return true;
  }

  async remains(target: Target): Promise<Remains> {
    const { jobs, ledger, tasks } = this.#world.stores;
    const { jobId, rows } = target;
    const job = await jobs.read({ tenant: TENANT, jobId });
    const failures = job
      ? await readFailures({ ledger, failures: ledger }, job, FROM_THE_START, ANY_NUMBER)
      : undefined;
    return {
      target,
      job,
      progress: job && (await readProgress(ledger, job, this.#world.now())),
      failures: failures?.failures ?? [],
      stored: await tasks.readMany(
        TENANT,
        rows.map((_, index) => itemId(jobId, index)),
      ),
      sights: this.#sights.get(jobId) ?? [],
      wanted: this.#wanted.get(jobId) ?? new Map<number, string | undefined>(),
    };
  }

  async history(targets: readonly Target[], isQuiet: boolean): Promise<History> {
    const { struck, events, stores, batchLetters, uploadLetters } = this.#world;
    const tasks = await stores.tasks.list(TENANT, { limit: ANY_NUMBER });
    const { jobs } = await stores.jobs.list({ tenant: TENANT, limit: ANY_NUMBER });
    return {
      isQuiet,
      files: await Promise.all(targets.map((target) => this.remains(target))),
      events,
      visibleIds: tasks.items.filter((stored) => visible(stored)).map(({ id }) => id),
      jobIds: jobs.map(({ jobId }) => jobId),
      hadBatchLetters: batchLetters.wasUsed,
      hadUploadLetters: uploadLetters.wasUsed,
      hadDeployment: 'deploy' in struck,
      hadSweep: this.#world.plan.sweep,
      hadOverlap: ['expire', 'duplicate', 'lose'].some((fault) => fault in struck),
      struck,
    };
  }
}
