import { DEEP_QUEUE_MESSAGES, type CutRule, type FanOutLimits, type Tolerance } from '../../../src/engine/index.ts';
import { MAX_RECEIVE_COUNT } from '../../../src/contract/index.ts';
import type { PlannedBlackout } from './blackout.ts';
import { Dice, numbersOf } from './dice.ts';

/** One row of a planned file. */
export interface PlannedRow {
  readonly form: 'plain' | 'quoted' | 'multiline' | 'blank';
  /** Newer rules refuse it. */
  readonly isOutdated: boolean;
  /** Whoever stores it dies over it. */
  readonly isKiller: boolean;
}

export interface PlannedFile {
  /** Uploaded through the service, or put straight into the store. */
  readonly way: 'uploaded' | 'put';
  readonly rows: readonly PlannedRow[];
  /** What is wrong with the source as a whole. */
  readonly defect?: 'EMPTY_FILE' | 'MISSING_COLUMN' | 'UNCLOSED_QUOTE';
  readonly tolerance?: Tolerance;
}

/** How likely each fault is, in percent of the choices at which it can strike. */
export interface Faults {
  readonly killBefore: number;
  readonly killAfter: number;
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly errorPart: number;
  /** Visibility ends while the process goes on: a zombie. */
  readonly expire: number;
  readonly duplicate: number;
  readonly delay: number;
  /** Of a message on its way. */
  readonly lose: number;
  readonly doubleEvent: number;
  readonly loseEvent: number;
  /** An invocation that finds its time nearly gone. */
  readonly hurry: number;
  /** All calls of one port fail for a while. */
  readonly outage: number;
  readonly edit: number;
  readonly cancel: number;
  readonly replace: number;
  /** Somebody asks for a redrive. */
  readonly redrive: number;
  readonly deploy: number;
  /** Whether a process whose messages went to another may still fail. */
  readonly zombiesFail: boolean;
}

export const NO_FAULTS: Faults = {
  killBefore: 0,
  killAfter: 0,
  errorBefore: 0,
  errorAfter: 0,
  errorPart: 0,
  expire: 0,
  duplicate: 0,
  delay: 0,
  lose: 0,
  doubleEvent: 0,
  loseEvent: 0,
  hurry: 0,
  outage: 0,
  edit: 0,
  cancel: 0,
  replace: 0,
  redrive: 0,
  deploy: 0,
  zombiesFail: true,
};

export interface Plan {
  readonly files: readonly PlannedFile[];
  readonly cut: CutRule;
  /** Of jobs that start after a deployment. */
  readonly laterCut: CutRule;
  readonly limits: FanOutLimits;
  readonly pieceBytes: number;
  readonly faults: Faults;
  /** Choices under faults; after them the world is left alone until nothing is left to do. */
  readonly faultySteps: number;
  /** How often, after that, a redrive of every file is asked for, again first under faults. */
  readonly redrives: number;
  /** Other rules are deployed before each of them. */
  readonly deployBetween: boolean;
  /** The newer rules are those of the beginning. */
  readonly strictAtFirst: boolean;
  readonly sweep: boolean;
  /** Deliveries until a message is a dead letter. */
  readonly maxReceives: number;
  /** What a service failed comes again later each time, as the deployed functions have it. */
  readonly backsOff: boolean;
  readonly blackout?: PlannedBlackout;
  /** Whoever reads the first file dies over it. */
  readonly isFirstDeadly: boolean;
  /** Milliseconds that pass with each choice. */
  readonly pace: number;
  /** Nobody takes messages off a queue for the first minutes: its functions are switched off, or busy with others. */
  readonly stall?: { readonly queue: 'uploads' | 'batches' | 'completions'; readonly minutes: number };
  /** From how many messages on the sweep takes a queue for deep. */
  readonly deepQueue: number;
  /** Messages that the depths of queues tell of and that are not there. */
  readonly ghosts: number;
}

export const LIMITS: FanOutLimits = {
  batchesPerSend: 2,
  sendsInFlight: 2,
  reserveMilliseconds: 1,
  failuresPerPage: 2,
  manifestBytes: 60,
};

export const NO_BACKLOG = { deepQueue: DEEP_QUEUE_MESSAGES, ghosts: 0 } as const;

/** What the seed does not decide. */
export type PlanChoice = Partial<
  Pick<
    Plan,
    'sweep' | 'maxReceives' | 'redrives' | 'cut' | 'blackout' | 'isFirstDeadly' | 'stall' | 'deepQueue' | 'ghosts'
  >
> & {
  readonly faults?: Partial<Faults>;
};

/**
 * The plan of a seed. Each draws which faults are on and how strong, so that some histories have few kinds and go deep.
 */
export function planOf(seed: number, { sweep, faults, ...chosen }: PlanChoice = {}): Plan {
  // Apart from the stream of the choices, so that more choices in a plan do not change them.
  const dice = new Dice(numbersOf(seed ^ 0x5bd1e995));
  const hasSweep = dice.chance(40);
  const isSwept = sweep ?? hasSweep;
  const deployBetween = dice.chance(50);
  return {
    cut: aCut(dice),
    laterCut: aCut(dice),
    faults: { ...someFaults(dice, isSwept, deployBetween), ...faults },
    files: Array.from({ length: dice.chance(25) ? 2 : 1 }, () => aFile(dice)),
    limits: { ...LIMITS, sendsInFlight: 1 + dice.roll(3) },
    pieceBytes: dice.pick([7, 64, 1_000]),
    faultySteps: dice.pick([60, 150, 300]),
    redrives: dice.pick([0, 0, 1, 2]),
    deployBetween,
    strictAtFirst: dice.chance(20),
    sweep: isSwept,
    maxReceives: dice.pick([1, 2, 3, 10]),
    pace: dice.pick([1, 50, 2_000]),
    backsOff: dice.chance(50),
    ...throughBlackout(chosen.blackout ?? (dice.chance(5) ? aBlackout(dice) : undefined)),
    ...NO_BACKLOG,
    ...(isSwept && aBacklog(dice)),
    isFirstDeadly: dice.chance(3),
    ...chosen,
  };
}

/** A queue that is slow and deep, beside those that lose messages. */
function aBacklog(dice: Dice): Partial<Plan> {
  const queue = dice.pick(['uploads', 'batches', 'batches', 'completions'] as const);
  return {
    ...(dice.chance(30) && { stall: { queue, minutes: dice.pick([3, 20, 90, 360]) } }),
    deepQueue: dice.pick([2, DEEP_QUEUE_MESSAGES]),
    ghosts: dice.chance(10) ? dice.pick([1, 1_000]) : 0,
  };
}
const aBlackout = (dice: Dice): PlannedBlackout => ({
  minutes: dice.pick([12, 120]),
  reach: dice.pick(['all', 'some'] as const),
  writesOnly: dice.chance(50),
  store: dice.pick(['tasks', 'objects'] as const),
});

/** An outage of hours is survived by what is deployed, not by any numbers. */
const throughBlackout = (blackout: PlannedBlackout | undefined): Partial<Plan> =>
  blackout ? { blackout, backsOff: true, maxReceives: MAX_RECEIVE_COUNT } : {};

const aCut = (dice: Dice): CutRule => ({
  itemsPerBatch: 1 + dice.roll(3),
  batchesPerSegment: 1 + dice.roll(3),
  batchBytes: dice.pick([40, 10_000]),
});

function aFile(dice: Dice): PlannedFile {
  const badPercent = dice.pick([0, 20, 60]);
  const killerPercent = dice.pick([0, 0, 0, 15]);
  const rows = Array.from({ length: dice.roll(9) }, (): PlannedRow => ({
    form: dice.chance(badPercent) ? 'blank' : dice.pick(['plain', 'plain', 'quoted', 'multiline']),
    isOutdated: dice.chance(40),
    isKiller: dice.chance(killerPercent),
  }));
  const way = dice.pick(['uploaded', 'put'] as const);
  return {
    way,
    rows,
    ...(dice.chance(6) && { defect: dice.pick(['EMPTY_FILE', 'MISSING_COLUMN', 'UNCLOSED_QUOTE'] as const) }),
    ...(way === 'uploaded' && dice.chance(20) && { tolerance: aTolerance(dice) }),
  };
}

const aTolerance = (dice: Dice): Tolerance =>
  dice.chance(50) ? { failedCount: dice.roll(3) } : { failedPercent: dice.pick([0, 30, 100]) };

function someFaults(dice: Dice, sweep: boolean, deployBetween: boolean): Faults {
  const off = dice.chance(50) ? 75 : 40;
  const draw = (...strengths: readonly number[]): number => {
    const strength = dice.pick(strengths);
    return dice.chance(off) ? 0 : strength;
  };
  const faults = {
    killBefore: draw(1, 3, 10),
    killAfter: draw(1, 3, 10),
    errorBefore: draw(1, 3, 10),
    errorAfter: draw(1, 3, 10),
    errorPart: draw(1, 3, 10),
    expire: draw(1, 3, 10),
    duplicate: draw(3, 10, 40),
    delay: draw(5, 20),
    lose: sweep ? draw(2, 10) : 0,
    doubleEvent: draw(10, 50),
    loseEvent: sweep ? draw(10, 60) : 0,
    hurry: draw(10, 40),
    outage: draw(1, 3),
    edit: draw(5, 15),
    cancel: dice.chance(30) ? draw(2, 8) : 0,
    replace: dice.chance(25) ? draw(2, 8) : 0,
    deploy: draw(2, 5),
    redrive: draw(5, 15),
  };
  return {
    ...faults,
    zombiesFail: faults.deploy === 0 && !deployBetween,
  };
}
