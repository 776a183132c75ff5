import type { Dice } from './dice.ts';
import type { World } from './world.ts';

/** How likely each fault is, in percent of the choices. */
export interface Faults {
  readonly kill: number;
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly expire: number;
  readonly duplicateEvent: number;
  /** Whether a process whose messages went to another may still fail. */
  readonly zombiesFail: boolean;
}

export const NO_FAULTS: Faults = {
  kill: 0,
  errorBefore: 0,
  errorAfter: 0,
  expire: 0,
  duplicateEvent: 0,
  zombiesFail: true,
};

/** Stops a history that never ends: a liveness failure. */
const MAX_STEPS = 20_000;

/**
 * Runs a world: first `faultySteps` choices under faults, then without any until nothing is left to do. `check` looks at the
 * world after every choice.
 */
export async function runHistory(
  world: World,
  dice: Dice,
  options: {
    faults: Faults;
    faultySteps: number;
    key: string;
    meddle?: () => Promise<void>;
    check?: () => Promise<void>;
  },
): Promise<void> {
  for (let step = 0; !world.isQuiet; step++) {
    if (step > MAX_STEPS)
      throw new Error(`The world is not quiet after ${MAX_STEPS} steps: something is delivered for ever`);
    const isFaulty = step < options.faultySteps;
    await choose(world, dice, isFaulty ? options.faults : NO_FAULTS, options.key);
    if (isFaulty) await options.meddle?.();
    await options.check?.();
  }
}

async function choose(world: World, dice: Dice, faults: Faults, key: string): Promise<void> {
  if (dice.chance(faults.duplicateEvent)) world.notify(key);
  const deliveries = possibleDeliveries(world);
  const index = dice.roll(deliveries.length + world.running.length * STEPS_PER_DELIVERY);
  const deliver = deliveries[index];
  if (deliver) return deliver();
  const running = world.running[Math.floor((index - deliveries.length) / STEPS_PER_DELIVERY)];
  if (running) await advance(world, dice, faults, running);
}

/** Running processes are chosen this much more often than new deliveries: few of them run at once, but some do. */
const STEPS_PER_DELIVERY = 2;

const possibleDeliveries = (world: World): (() => Promise<void>)[] => [
  ...(world.uploads.size > 0 ? [() => world.deliverUpload()] : []),
  ...(world.batches.size > 0 ? [() => world.deliverBatches()] : []),
  ...(world.completions.size > 0 ? [() => world.deliverCompletion()] : []),
];

async function advance(world: World, dice: Dice, faults: Faults, running: World['running'][number]): Promise<void> {
  if (running.isZombie && !faults.zombiesFail) return world.step(running, 'go');
  if (dice.chance(faults.kill)) return world.kill(running);
  if (!running.isZombie && dice.chance(faults.expire)) return world.expire(running);
  return world.step(running, turnOf(dice, faults));
}

function turnOf(dice: Dice, { errorBefore, errorAfter }: Faults): 'go' | 'error-before' | 'error-after' {
  if (dice.chance(errorBefore)) return 'error-before';
  return dice.chance(errorAfter) ? 'error-after' : 'go';
}
