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
  const deliveries = [
    ...(world.uploads.size > 0 ? [() => world.deliverUpload()] : []),
    ...(world.batches.size > 0 ? [() => world.deliverBatches()] : []),
    ...(world.completions.size > 0 ? [() => world.deliverCompletion()] : []),
  ];
  const steppable = world.running;
  const index = dice.roll(deliveries.length + steppable.length * 2);
  const deliver = deliveries[index];
  if (deliver) return deliver();
  const running = steppable[(index - deliveries.length) >> 1];
  if (!running) return;
  const mayFail = faults.zombiesFail || !running.isZombie;
  if (mayFail && dice.chance(faults.kill)) return world.kill(running);
  if (!running.isZombie && dice.chance(faults.expire)) return world.expire(running);
  const turn = !mayFail
    ? 'go'
    : dice.chance(faults.errorBefore)
      ? 'error-before'
      : dice.chance(faults.errorAfter)
        ? 'error-after'
        : 'go';
  return world.step(running, turn);
}
