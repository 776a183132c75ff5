import { createClient, iterate, type Client } from '../../client/index.ts';
import type { TaskFile } from '../../src/contract/index.ts';
import { verifyFile, type Verified } from '../../cli/verify/receipt.ts';
import { Dice, numbersOf } from '../kit/simulation/index.ts';
import { until } from '../e2e/support/until.ts';
import { KillableCloud } from './cloud.ts';

export interface ChaosPlan {
  readonly seed: number;
  readonly dataDir: string;
  readonly rows: number;
  readonly workerKills: number;
  readonly processKills: number;
  /** Kills of the whole cloud while it starts again after a kill. */
  readonly startKills?: number;
  /** The number of times that the whole cloud is stopped for longer than every visibility timeout. */
  readonly freezes?: number;
  readonly onStep?: (line: string) => void;
}

export interface ChaosResult {
  readonly file: TaskFile;
  readonly receipt: Verified;
  /** The number of failed rows, by code. */
  readonly codes: Readonly<Record<string, number>>;
  /** The number of sandboxes that were ended at work, by function. */
  readonly workerKills: Readonly<Record<string, number>>;
  readonly processKills: number;
  readonly seconds: number;
  /** The time from the last kill to COMPLETED. */
  readonly secondsAfterLastKill: number;
}

type Fault = 'worker' | 'process' | 'start' | 'freeze';

/** A start is killed within this time. Most starts take as long, or longer. */
const START_MS = 2_000;

/** How often each batch of messages is delivered: another number after each start. */
const DELIVERIES = [2, 3, 4, 5];
const WORKER = 'CreateTaskSubscriberFunction';
const SPLITTER = 'UploadTaskSubscriberFunction';

/** Every tenth row has no title, and fails. Returns their number. */
export const failedOf = (rows: number): number => Math.floor(rows / 10);
const contentOf = (rows: number): string =>
  [
    'title,detail',
    ...Array.from({ length: rows }, (_, index) => `${(index + 1) % 10 === 0 ? '' : `Task ${index}`},x`),
  ].join('\n');

/**
 * Uploads a file, and kills sandboxes at work and the whole cloud while it is processed. The progress of the file and
 * the seed decide when. All kills happen before the file can be complete.
 */
export async function runChaos(plan: ChaosPlan): Promise<ChaosResult> {
  await using cloud = new KillableCloud(plan.dataDir);
  return await new Nemesis(cloud, plan).run();
}

class Nemesis {
  readonly #cloud: KillableCloud;
  readonly #plan: ChaosPlan;
  readonly #dice: Dice;
  readonly #killed: Record<string, number> = {};
  #client: Client | undefined;

  constructor(cloud: KillableCloud, plan: ChaosPlan) {
    this.#cloud = cloud;
    this.#plan = plan;
    this.#dice = new Dice(numbersOf(plan.seed));
  }

  async run(): Promise<ChaosResult> {
    const { rows, processKills } = this.#plan;
    await this.#start();
    const startedAt = performance.now();
    const { id } = await this.#service.uploadTasks({ query: { fileName: 'chaos.csv' }, body: contentOf(rows) });
    const faults = this.#faults();
    for (const [index, fault] of faults.entries()) {
      // Some rows are left for the time after the last fault.
      await this.#progressed(id, Math.floor((rows * 0.9 * index) / faults.length));
      await this.#do(fault);
      this.#plan.onStep?.(`${index + 1} of ${faults.length} kills`);
    }
    const lastKillAt = performance.now();
    const file = await this.#ended(id);
    const endedAt = performance.now();
    return {
      file,
      receipt: await verifyFile(this.#service, id),
      codes: await this.#codesOf(id),
      workerKills: this.#killed,
      processKills,
      seconds: (endedAt - startedAt) / 1_000,
      secondsAfterLastKill: (endedAt - lastKillAt) / 1_000,
    };
  }

  get #service(): Client {
    if (!this.#client) throw new Error('the cloud has not been started');
    return this.#client;
  }

  async #start(): Promise<void> {
    this.#client = createClient({ baseUrl: await this.#cloud.start(this.#dice.pick(DELIVERIES)) });
  }

  /** Returns all faults, in an order that the seed decides. */
  #faults(): readonly Fault[] {
    const { workerKills, processKills, startKills = 0, freezes = 0 } = this.#plan;
    const counts: Record<Fault, number> = {
      worker: workerKills,
      process: processKills,
      start: startKills,
      freeze: freezes,
    };
    const left = Object.entries(counts).flatMap(([fault, count]) =>
      Array.from({ length: count }, () => fault as Fault),
    );
    return Array.from({ length: left.length }, () => left.splice(this.#dice.roll(left.length), 1)).flat();
  }

  async #do(fault: Fault): Promise<void> {
    if (fault === 'worker') return this.#killWorker();
    if (fault === 'freeze') return this.#cloud.freeze();
    await this.#cloud.kill();
    if (fault === 'start') await this.#cloud.killWhileStarting(this.#dice.roll(START_MS));
    await this.#start();
  }

  /** Kills a worker as soon as one is at work, or sometimes the splitter if that is at work. */
  async #killWorker(): Promise<void> {
    const name = this.#dice.chance(30) && (await this.#cloud.crash(SPLITTER)) ? SPLITTER : WORKER;
    if (name === WORKER) {
      await until(
        'a worker at work',
        () => this.#cloud.crash(WORKER),
        (wasAtWork) => wasAtWork,
      );
    }
    this.#killed[name] = (this.#killed[name] ?? 0) + 1;
  }

  async #progressed(id: string, done: number): Promise<void> {
    await until(
      `${done} rows to be done`,
      () => this.#service.getTaskFile({ params: { id } }),
      (file) => file.processedCount + file.failedCount >= done,
    );
  }

  #ended(id: string): Promise<TaskFile> {
    return until(
      'the end of the file',
      () => this.#service.getTaskFile({ params: { id } }),
      ({ status }) => status !== 'NEW' && status !== 'IN_PROGRESS',
    );
  }

  async #codesOf(id: string): Promise<Record<string, number>> {
    const codes: Record<string, number> = {};
    const pages = (cursor: string | undefined) =>
      this.#service.listTaskFileFailures({ params: { id }, query: { cursor, limit: 100 } });
    for await (const { code } of iterate(pages)) codes[code] = (codes[code] ?? 0) + 1;
    return codes;
  }
}
