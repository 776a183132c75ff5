import {
  failuresUpTo,
  firstFailure,
  itemId,
  readProgress,
  runsOf,
  remainingFailures,
  type ItemFailure,
  type Job,
  type JobEvent,
  type Progress,
} from '../../../src/engine/index.ts';
import {
  deleteTask,
  judgeVoid,
  updateTask,
  toVisibleTask,
  type ReadPorts,
  type StoredTask,
} from '../../../src/tasks/index.ts';
import type { Deaths } from './deaths.ts';
import { TENANT, type Target } from './file.ts';
import type { World } from './world.ts';

/** A job as a caller sees it at one moment. */
export interface Sight {
  readonly step: number;
  readonly job: Job;
  readonly progress: Progress;
  /** The number of rows that redrives have imported. */
  readonly recovered: number;
  /** The number of events announced by then. */
  readonly events: number;
}

/** A redrive as it is at the end. */
export interface RunRemains {
  readonly run: Job;
  readonly progress: Progress;
  /** The items of its manifest. */
  readonly items: readonly number[];
  readonly failures: readonly ItemFailure[];
}

/** The state of a file at the end. */
export interface Remains {
  readonly target: Target;
  readonly job: Job | undefined;
  readonly progress: Progress | undefined;
  /** The failures of the first pass. */
  readonly failures: readonly ItemFailure[];
  readonly runs: readonly RunRemains[];
  /** The remaining failures: those that no redrive has imported. */
  readonly remaining: readonly ItemFailure[];
  /** The stored tasks, by row. */
  readonly stored: readonly StoredTask[];
  readonly sights: readonly Sight[];
  /** The title that a caller gave to the task of a row. Undefined: the caller deleted the task. */
  readonly wanted: ReadonlyMap<number, string | undefined>;
}

/** Everything that the checkers read. */
export interface History {
  readonly isQuiet: boolean;
  readonly files: readonly Remains[];
  readonly events: readonly JobEvent[];
  /** The ids of every stored task that is visible. */
  readonly visibleIds: readonly string[];
  readonly jobIds: readonly string[];
  /** A line for each time the sweep fed a backlog. */
  readonly backlog: readonly string[];
  readonly deaths: Deaths;
  readonly hadDeployment: boolean;
  readonly hadSweep: boolean;
  readonly struck: Readonly<Record<string, number>>;
}

const ANY_NUMBER = 1_000;

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
      const runs = await Promise.all((await runsOf(jobs, job)).map((run) => readProgress(ledger, run, 0)));
      const recovered = runs.reduce((sum, { succeeded }) => sum + succeeded, 0);
      const events = this.#world.events.filter((event) => event.jobId === jobId && event.kind === 'completed').length;
      const sights = this.#sights.get(jobId) ?? [];
      sights.push({ step, job, progress, recovered, events });
      this.#sights.set(jobId, sights);
    }
  }

  /** Edits or deletes the task of a row as a caller would, if it is visible. */
  async edit({ jobId }: Target, row: number, isEdit: boolean): Promise<boolean> {
    const ports = this.#readers;
    const id = itemId(jobId, row);
    if (!toVisibleTask(await judgeVoid(ports, TENANT, await ports.tasks.read(TENANT, id)))) return false;
    if (isEdit) await updateTask({ ...ports, clock: this.#world }, TENANT, id, { title: 'mine', isComplete: true });
    else await deleteTask(ports, TENANT, id);
    const wanted = this.#wanted.get(jobId) ?? new Map<number, string | undefined>();
    this.#wanted.set(jobId, wanted.set(row, isEdit ? 'mine' : undefined));
    return true;
  }

  async remains(target: Target): Promise<Remains> {
    const { jobs, ledger, tasks } = this.#world.stores;
    const { jobId, rows } = target;
    const job = await jobs.read({ tenant: TENANT, jobId });
    return {
      target,
      job,
      progress: job && (await readProgress(ledger, job, this.#world.now())),
      failures: job ? await this.#ownFailures(job) : [],
      runs: job ? await this.#runs(job) : [],
      remaining: job ? await this.#remaining(job) : [],
      stored: await this.#judgeVoids(
        await tasks.readMany(
          TENANT,
          rows.map((_, index) => itemId(jobId, index)),
        ),
      ),
      sights: this.#sights.get(jobId) ?? [],
      wanted: this.#wanted.get(jobId) ?? new Map<number, string | undefined>(),
    };
  }

  get #readers(): ReadPorts {
    const { tasks, jobs, ledger } = this.#world.stores;
    return { tasks, jobs, ledger, failures: ledger };
  }

  #judgeVoids(stored: readonly StoredTask[]): Promise<readonly StoredTask[]> {
    return Promise.all(stored.map((one) => judgeVoid(this.#readers, TENANT, one)));
  }

  /** Resolves to the failures of one run alone. */
  async #ownFailures({ redrive: _, ...run }: Job): Promise<readonly ItemFailure[]> {
    const { jobs, ledger } = this.#world.stores;
    return (await failuresUpTo({ jobs, ledger, failures: ledger }, run, firstFailure(), Infinity)).failures;
  }

  async #remaining(job: Job): Promise<readonly ItemFailure[]> {
    const { jobs, ledger } = this.#world.stores;
    const ports = { jobs, ledger, failures: ledger };
    const failures: ItemFailure[] = [];
    for await (const page of remainingFailures(ports, job, firstFailure(), 2)) {
      failures.push(...page.failures);
    }
    return failures;
  }

  async #runs(job: Job): Promise<readonly RunRemains[]> {
    const { jobs, ledger, objects } = this.#world.stores;
    const runs = await runsOf(jobs, job);
    return Promise.all(
      runs.map(async (run) => ({
        run,
        progress: await readProgress(ledger, run, this.#world.now()),
        items: itemsOf(objects.read(run.source.key)?.bytes),
        failures: await this.#ownFailures(run),
      })),
    );
  }

  async history(targets: readonly Target[], isQuiet: boolean): Promise<History> {
    const { struck, events, stores, backlog, deaths } = this.#world;
    const tasks = await stores.tasks.list(TENANT, { limit: ANY_NUMBER });
    const { jobs } = await stores.jobs.list({ tenant: TENANT, limit: ANY_NUMBER });
    return {
      isQuiet,
      files: await Promise.all(targets.map((target) => this.remains(target))),
      events,
      visibleIds: (await this.#judgeVoids(tasks.items)).filter((stored) => toVisibleTask(stored)).map(({ id }) => id),
      jobIds: jobs.map(({ jobId }) => jobId),
      backlog: backlog.violations,
      deaths,
      hadDeployment: 'deploy' in struck || this.#world.plan.strictAtFirst,
      hadSweep: this.#world.plan.sweep,
      struck,
    };
  }
}

const itemsOf = (manifest: Uint8Array | undefined): number[] =>
  Buffer.from(manifest ?? [])
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line)[0]);
