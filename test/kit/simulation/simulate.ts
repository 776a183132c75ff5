import type { Job, JobDefinition } from '../../../src/engine/index.ts';
import { decideRow } from '../../../src/tasks/model/row.ts';
import { violationsOf } from './checks.ts';
import { Blackout } from './blackout.ts';
import type { Dice } from './dice.ts';
import { OUTDATED, replacementOf, targetOf, TENANT, type Target } from './file.ts';
import { Observer, type History } from './history.ts';
import { NO_FAULTS, type Faults, type Plan } from './plan.ts';
import type { Turn, Waiting } from './process.ts';
import { World, type Running } from './world.ts';

/** Stops a history that never ends: a liveness failure. */
const MAX_STEPS = 10_000;
/** Through a long outage the sweep goes on sending, and each copy has its receives. */
const MAX_STEPS_OF_BLACKOUT = 100_000;
const MINUTE = 60_000;
/** Running processes are chosen this much more often than new deliveries: few of them run at once, but some do. */
const STEPS_PER_DELIVERY = 2;
/** Choices that a zombie sleeps: not at all, for a while, or until the next redrive. */
const SLEEPS = [0, 0, 0, 40, 200, Infinity];
/** More would only make a history long. */
const REDRIVES_MAX = 6;
/** Minutes between two sweeps of a world in which nothing happens, at most, and how many come a minute apart before. */
const IDLE_GROWTH_MAX = 720;
const IDLE_SWEEPS_A_MINUTE = 6;
/** Three weeks of such a world. */
const SWEEPS_MAX = 60;
/** Choices that an outage lasts. */
const OUTAGE_STEPS = 30;
const PORTS = [
  'jobs',
  'ledger',
  'failures',
  'tasks',
  'tries',
  'sources',
  'batches',
  'announcer',
  'continuations',
  'manifests',
] as const;
/** Calls that change nothing a person could see. */
const READS = new Set([
  'jobs.read',
  'jobs.readMany',
  'jobs.listStalled',
  'jobs.recover',
  'jobs.markResent',
  'jobs.markAnnounced',
  'ledger.read',
]);

/** What each fault does to a call, in the order in which the dice are asked. */
const TURNS = [
  ['killBefore', 'kill-before'],
  ['killAfter', 'kill-after'],
  ['errorBefore', 'error-before'],
  ['errorAfter', 'error-after'],
  ['errorPart', 'error-part'],
] as const;

export interface Outcome {
  readonly violations: readonly string[];
  readonly history: History;
  readonly steps: number;
  /** Port calls in the order of their turns. */
  readonly calls: number;
}

export interface Options {
  readonly trace?: (line: string) => void;
  /** Faults at exactly these port calls, counted from 0, whatever the dice say. */
  readonly injected?: ReadonlyMap<number, Turn>;
}

/** Plays one history: first under faults, then without any until nothing is left to do; and checks it. */
export async function simulate(plan: Plan, dice: Dice, options: Options = {}): Promise<Outcome> {
  return new Simulation(plan, dice, options).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #world: World;
  readonly #observer: Observer;
  readonly #targets: Target[];
  readonly #injected: ReadonlyMap<number, Turn>;
  #outage: { readonly port: string; readonly until: number } | undefined;
  readonly #blackout: Blackout | undefined;
  #step = 0;
  /** Steps before this one are under faults. */
  #faultyUntil = 0;
  /** Whoever sleeps wakes up when nothing else is left to do. */
  #isLast = false;
  #calls = 0;
  #nextSweep: number;
  #idleSweeps = 0;

  constructor(plan: Plan, dice: Dice, { trace, injected = new Map() }: Options) {
    this.#plan = plan;
    this.#dice = dice;
    this.#world = new World(dice, plan);
    this.#world.trace = trace;
    if (plan.strictAtFirst) this.#world.deployed = { ...this.#world.deployed, decide: stricter };
    this.#observer = new Observer(this.#world);
    this.#targets = plan.files.map(targetOf);
    this.#injected = injected;
    this.#blackout = plan.blackout && new Blackout(plan.blackout, this.#world.now());
    this.#nextSweep = this.#world.now() + MINUTE;
  }

  async run(): Promise<Outcome> {
    for (const [number, target] of this.#targets.entries()) await this.#world.bring(target, number);
    await this.#play(this.#plan.redrives === 0);
    for (let act = 0; act < this.#plan.redrives; act++) {
      if (this.#plan.deployBetween) this.#deploy();
      for (const { jobId } of this.#targets) this.#world.redrive(jobId);
      await this.#play(act === this.#plan.redrives - 1);
    }
    const history = await this.#observer.history(this.#targets, this.#step < this.#mostSteps);
    return { violations: violationsOf(history), history, steps: this.#step, calls: this.#calls };
  }

  get #mostSteps(): number {
    return this.#blackout ? MAX_STEPS_OF_BLACKOUT : MAX_STEPS;
  }

  /** Until nothing is left to do, first under faults. */
  async #play(isLast: boolean): Promise<void> {
    this.#isLast = isLast;
    this.#faultyUntil = this.#step + this.#plan.faultySteps;
    this.#world.faults = this.#plan.faultySteps > 0 ? this.#plan.faults : NO_FAULTS;
    this.#idleSweeps = 0;
    while (this.#step < this.#mostSteps && (await this.#choose())) {
      this.#step += 1;
      if (this.#step >= this.#faultyUntil) this.#world.faults = NO_FAULTS;
      if (this.#world.faults !== NO_FAULTS) await this.#meddle(this.#world.faults);
    }
  }

  /** False: nothing is left to do. */
  async #choose(): Promise<boolean> {
    const { ready } = this.#world;
    const running = this.#awake();
    // Without faults time hardly passes, or a slow world would start sweeps faster than it ends them.
    this.#world.pass(this.#world.faults === NO_FAULTS ? 1 : this.#plan.pace);
    if (this.#plan.sweep && this.#world.now() >= this.#nextSweep) return this.#sweep();
    if (ready.length + running.length === 0) return this.#wait();
    const isIdle = this.#world.faults === NO_FAULTS && running.every(({ process }) => process.name === 'sweep');
    this.#idleSweeps = isIdle && ready.length === 0 ? this.#idleSweeps : 0;
    const index = this.#dice.roll(ready.length + running.length * STEPS_PER_DELIVERY);
    const one = running[Math.floor(index / STEPS_PER_DELIVERY)];
    if (one) await this.#advance(one, this.#world.faults);
    else await this.#world.deliver(ready[index - running.length * STEPS_PER_DELIVERY]!);
    return true;
  }

  #awake(): readonly Running[] {
    const { ready, running } = this.#world;
    const awake = running.filter(({ wakesAt }) => wakesAt <= this.#step);
    return this.#isLast && ready.length + awake.length === 0 ? running : awake;
  }

  async #sweep(): Promise<true> {
    // A world in which nothing happens is swept less and less often, or a backlog of hours would take thousands of
    // steps.
    const growth = Math.min(IDLE_GROWTH_MAX, 1.5 ** Math.max(0, this.#idleSweeps - IDLE_SWEEPS_A_MINUTE));
    this.#nextSweep = this.#world.now() + MINUTE * growth;
    this.#idleSweeps += 1;
    await this.#world.sweep();
    return true;
  }

  /** Nothing can happen now: time jumps to what happens next. */
  #wait(): boolean {
    const { nextDeliveryAt } = this.#world;
    const isSweepNext = this.#plan.sweep && this.#nextSweep < nextDeliveryAt;
    if (!isSweepNext) return this.#world.jump();
    if (nextDeliveryAt === Infinity && this.#isSwept) return false;
    this.#world.pass(Math.max(0, this.#nextSweep - this.#world.now()));
    return true;
  }

  /**
   * After the faults, as many sweeps as it takes to list every object twice; what none of them mends, none will. A job
   * that has not ended may have to wait for days, for the sweep to believe that its messages are gone.
   */
  get #isSwept(): boolean {
    const enough = this.#world.stores.jobs.all().every(hasEnded) ? 2 * this.#targets.length + 2 : SWEEPS_MAX;
    return this.#idleSweeps > enough && this.#world.faults === NO_FAULTS;
  }

  async #advance(running: Running, faults: Faults): Promise<void> {
    const { process } = running;
    const waiting = process.waiting[this.#dice.roll(process.waiting.length)];
    if (!waiting) throw new Error(`${process.name} waits for something that is no port call`);
    if (!running.isZombie && this.#dice.chance(faults.expire)) {
      this.#world.note('expire');
      return this.#world.expire(running, this.#step + this.#dice.pick(SLEEPS));
    }
    const turn = this.#turn(running, waiting, faults);
    this.#calls += 1;
    if (turn !== 'go') this.#world.note(turn);
    if (turn === 'kill-before') return this.#world.kill(running);
    await this.#world.step(running, waiting, turn === 'kill-after' ? 'go' : turn);
    if (turn === 'kill-after') this.#world.kill(running);
    const isSeen = /^(?:jobs|ledger|announcer)\./.test(waiting.call) && !READS.has(waiting.call);
    if (isSeen) await this.#observer.look(this.#step, this.#targets);
  }

  #turn({ isZombie }: Running, waiting: Waiting, faults: Faults): Turn {
    const injected = this.#injected.get(this.#calls);
    if (injected) return injected;
    if (this.#world.isDeadly(waiting)) return 'kill-before';
    if (isZombie && !this.#plan.faults.zombiesFail) return 'go';
    if (this.#isOut(waiting, faults)) return 'error-before';
    return TURNS.find(([fault]) => this.#dice.chance(faults[fault]))?.[1] ?? 'go';
  }

  #isOut(waiting: Waiting, faults: Faults): boolean {
    if (this.#blackout?.strikes(waiting, this.#world.now())) return true;
    return faults !== NO_FAULTS && this.#outage !== undefined && waiting.call.startsWith(`${this.#outage.port}.`);
  }

  /** What people, operators and the weather do. */
  async #meddle(faults: Faults): Promise<void> {
    const dice = this.#dice;
    if (this.#outage && this.#step >= this.#outage.until) this.#outage = undefined;
    if (!this.#outage && dice.chance(faults.outage)) {
      this.#outage = { port: dice.pick(PORTS), until: this.#step + OUTAGE_STEPS };
      this.#world.note('outage');
    }
    if (dice.chance(faults.edit)) await this.#edit();
    if (dice.chance(faults.cancel)) this.#cancel();
    if (dice.chance(faults.replace)) await this.#replace();
    if (dice.chance(faults.deploy)) this.#deploy();
    if (dice.chance(faults.redrive)) this.#redrive();
  }

  async #edit(): Promise<void> {
    const target = this.#dice.pick(this.#targets);
    if (target.rows.length === 0) return;
    const row = this.#dice.roll(target.rows.length);
    if (await this.#observer.edit(target, row, this.#dice.chance(60))) this.#world.note('edit');
  }

  #cancel(): void {
    const target = this.#dice.pick(this.#targets);
    target.isCancelled = true;
    this.#world.note('cancel');
    this.#world.cancel(target.jobId);
  }

  #redrive(): void {
    if ((this.#world.struck['redrive'] ?? 0) >= REDRIVES_MAX) return;
    const codes = this.#dice.pick([undefined, undefined, ['RETRIES_EXHAUSTED'], ['OUTDATED', 'REQUIRED']]);
    this.#world.note('redrive');
    this.#world.redrive(this.#dice.pick(this.#targets).jobId, codes);
  }

  async #replace(): Promise<void> {
    const target = this.#dice.pick(this.#targets);
    const job = await this.#world.stores.jobs.read({ tenant: TENANT, jobId: target.jobId });
    // A job takes the first version that it is told of; only after that is another version another job's.
    if (job?.source.etag === undefined || target.isReplaced || target.rows.length === 0) return;
    target.isReplaced = true;
    const replacement = replacementOf(target);
    this.#targets.push(replacement);
    this.#world.note('replace');
    await this.#world.bring(replacement, -1);
  }

  #deploy(): void {
    const isNewer = this.#world.deployed.decide !== undefined;
    this.#world.deployed = isNewer ? { cut: this.#plan.cut } : { cut: this.#plan.laterCut, decide: stricter };
    this.#world.note('deploy');
  }
}

/** Newer rules also refuse what the file marks as outdated. */
const stricter: JobDefinition<unknown>['decide'] = (values) =>
  values[1] === OUTDATED
    ? { refusal: { code: 'OUTDATED', column: 'detail', value: OUTDATED, message: 'refused by the newer rules' } }
    : decideRow(values);

const hasEnded = ({ status, isAnnounced, redrive }: Job): boolean =>
  (status === 'COMPLETED' || isAnnounced === true) && redrive?.isPlanned !== false;
