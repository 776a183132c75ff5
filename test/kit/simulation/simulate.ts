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

/** The step at which a history counts as endless, which is a liveness failure. */
const MAX_STEPS = 10_000;
/** The same for a history with a long outage: the sweep keeps sending, and each copy has its receives. */
const MAX_STEPS_OF_BLACKOUT = 100_000;
const MINUTE = 60_000;
/** How much more often a running process is chosen than a new delivery, so that some processes overlap, but few. */
const STEPS_PER_DELIVERY = 2;
/** The number of choices for which a zombie sleeps: none, some, or until the next redrive. */
const SLEEPS = [0, 0, 0, 40, 200, Infinity];
/** More redrives would only make a history longer. */
const REDRIVES_MAX = 6;
/** In an idle world: the most minutes between two sweeps, and the number of sweeps that come a minute apart before. */
const IDLE_GROWTH_MAX = 720;
const IDLE_SWEEPS_A_MINUTE = 6;
/** The sweeps of three weeks in an idle world. */
const SWEEPS_MAX = 60;
/** The number of choices that an outage lasts. */
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
/** The calls that change nothing a caller could see. */
const READS = new Set([
  'jobs.read',
  'jobs.readMany',
  'jobs.listStalled',
  'jobs.recover',
  'jobs.markResent',
  'jobs.markAnnounced',
  'ledger.read',
]);

/** What each fault does to a call, in the order in which the dice decide about them. */
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
  /** The port calls, in the order of their turns. */
  readonly calls: number;
}

export interface Options {
  readonly trace?: (line: string) => void;
  /** Faults at exactly these port calls, counted from 0, in place of those that the dice choose. */
  readonly injected?: ReadonlyMap<number, Turn>;
}

/** Plays one history, first under faults, then without any until nothing is left to do. Then checks it. */
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
  /** The first step without faults. */
  #faultyUntil = 0;
  /** Whether nothing is left to do but for the processes that sleep, so that they wake up. */
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
    for (const [number, target] of this.#targets.entries()) await this.#world.upload(target, number);
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

  /** Plays until nothing is left to do, first under faults. */
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

  /** Makes one choice. Resolves to false if nothing is left to do. */
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
    // In an idle world the sweep runs less and less often. Otherwise a backlog of hours would take thousands of steps.
    const growth = Math.min(IDLE_GROWTH_MAX, 1.5 ** Math.max(0, this.#idleSweeps - IDLE_SWEEPS_A_MINUTE));
    this.#nextSweep = this.#world.now() + MINUTE * growth;
    this.#idleSweeps += 1;
    await this.#world.sweep();
    return true;
  }

  /** Jumps to the instant of the next event. Returns false if there is none. */
  #wait(): boolean {
    const { nextDeliveryAt } = this.#world;
    const isSweepNext = this.#plan.sweep && this.#nextSweep < nextDeliveryAt;
    if (!isSweepNext) return this.#world.jump();
    if (nextDeliveryAt === Infinity && this.#isSwept) return false;
    this.#world.pass(Math.max(0, this.#nextSweep - this.#world.now()));
    return true;
  }

  /**
   * Sweeps after the faults, as often as it takes to list every object twice. What these sweeps do not repair, no sweep
   * will. A job that has not ended may have to wait for days until the sweep assumes that its messages are gone.
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

  /** Does what callers and operators do, and begins outages. */
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
    // A job takes the first version whose event arrives. Only after that does another version belong to another job.
    if (job?.source.etag === undefined || target.isReplaced || target.rows.length === 0) return;
    target.isReplaced = true;
    const replacement = replacementOf(target);
    this.#targets.push(replacement);
    this.#world.note('replace');
    await this.#world.upload(replacement, -1);
  }

  #deploy(): void {
    const isNewer = this.#world.deployed.decide !== undefined;
    this.#world.deployed = isNewer ? { cut: this.#plan.cut } : { cut: this.#plan.laterCut, decide: stricter };
    this.#world.note('deploy');
  }
}

/** The newer rules, which also refuse the rows that the file marks as outdated. */
const stricter: JobDefinition<unknown>['decide'] = (values) =>
  values[1] === OUTDATED
    ? { refusal: { code: 'OUTDATED', column: 'detail', value: OUTDATED, message: 'refused by the newer rules' } }
    : decideRow(values);

const hasEnded = ({ status, isAnnounced, redrive }: Job): boolean =>
  (status === 'COMPLETED' || isAnnounced === true) && redrive?.isPlanned !== false;
