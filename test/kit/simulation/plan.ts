import { DEEP_QUEUE_MESSAGES, type CutRule, type FanOutLimits, type Tolerance } from '../../../src/engine/index.ts';
import { MAX_RECEIVE_COUNT } from '../../../src/contract/index.ts';
import type { PlannedBlackout } from './blackout.ts';
import { Dice, numbersOf } from './dice.ts';

/** One row of a planned file. */
export interface PlannedRow {
  readonly form: 'plain' | 'quoted' | 'multiline' | 'blank';
  /** The newer rules refuse this row. */
  readonly isOutdated: boolean;
  /** Each worker that stores this row dies over it. */
  readonly isKiller: boolean;
}

export interface PlannedFile {
  /** Whether the file is uploaded through the service, or put straight into the store. */
  readonly way: 'uploaded' | 'put';
  readonly rows: readonly PlannedRow[];
  /** The defect of the source as a whole. */
  readonly defect?: 'EMPTY_FILE' | 'MISSING_COLUMN' | 'UNCLOSED_QUOTE';
  readonly tolerance?: Tolerance;
}

/** The probability of each fault, in percent of the choices at which it can strike. */
export interface Faults {
  readonly killBefore: number;
  readonly killAfter: number;
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly errorPart: number;
  /** The visibility timeout ends while the process still runs: a zombie. */
  readonly expire: number;
  readonly duplicate: number;
  readonly delay: number;
  /** A message on its way is lost. */
  readonly lose: number;
  readonly doubleEvent: number;
  readonly loseEvent: number;
  /** An invocation finds its time nearly up. */
  readonly hurry: number;
  /** All calls of one port fail for a while. */
  readonly outage: number;
  readonly edit: number;
  readonly cancel: number;
  readonly replace: number;
  /** A caller asks for a redrive. */
  readonly redrive: number;
  readonly deploy: number;
  /** Whether faults may also strike a process whose messages went to another. */
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
  /** The cut of jobs that start after a deployment. */
  readonly laterCut: CutRule;
  readonly limits: FanOutLimits;
  readonly pieceBytes: number;
  readonly faults: Faults;
  /** The number of choices under faults. After them the world runs without faults until nothing is left to do. */
  readonly faultySteps: number;
  /** How often, after that, a caller asks for a redrive of every file, again first under faults. */
  readonly redrives: number;
  /** Whether other rules are deployed before each redrive. */
  readonly deployBetween: boolean;
  /** Whether the newer rules apply at the beginning. */
  readonly strictAtFirst: boolean;
  readonly sweep: boolean;
  /** The number of deliveries until a message is a dead letter. */
  readonly maxReceives: number;
  /** Whether a message that failed because of a service comes again later each time, as in the deployed functions. */
  readonly backsOff: boolean;
  readonly blackout?: PlannedBlackout;
  /** Whether each splitter that reads the first file dies over it. */
  readonly isFirstDeadly: boolean;
  /** The milliseconds that pass with each choice. */
  readonly pace: number;
  /** For the first minutes no function takes messages off this queue: they are switched off, or busy with others. */
  readonly stall?: { readonly queue: 'uploads' | 'batches' | 'completions'; readonly minutes: number };
  /** The number of messages from which on the sweep considers a queue deep. */
  readonly deepQueue: number;
  /** The number of messages that the depth of each queue reports although they do not exist. */
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

/** The parts of a plan that the caller chooses instead of the seed. */
export type PlanChoice = Partial<
  Pick<
    Plan,
    'sweep' | 'maxReceives' | 'redrives' | 'cut' | 'blackout' | 'isFirstDeadly' | 'stall' | 'deepQueue' | 'ghosts'
  >
> & {
  readonly faults?: Partial<Faults>;
};

/**
 * Draws the plan of a seed. Each plan draws which faults are on, and how strong, so that some histories have few kinds
 * of faults and get far.
 */
export function planOf(seed: number, { sweep, faults, ...chosen }: PlanChoice = {}): Plan {
  // The plan has a stream of its own, so that more choices in a plan do not change the choices of the history.
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

/** Draws a queue that is slow and deep, besides the faults that lose messages. */
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

/** Sets the numbers of the deployed functions: only with those does the service survive an outage of hours. */
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
