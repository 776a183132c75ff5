import { describe, expect, it } from '@jest/globals';
import { Dice, numbersOf, planOf, simulate } from '../kit/simulation/index.ts';
import { bugs } from './bugs.ts';
import { inWorker } from './in-worker.ts';
import type { PlantedResult, PlantedTask } from './planted-worker.ts';

/** Histories in which a bug must show. */
const BUDGET = 4_000;

describe('the simulation finds every protection that is taken away, and nothing in the same history with it', () => {
  it.each(bugs.map((bug) => [bug.name, bug] as const))('%s', async (_, { edits, needsSweep, plans }) => {
    const choice = { sweep: needsSweep === true, ...plans };
    const task: PlantedTask = { edits, plans: choice, budget: BUDGET };
    const { misplaced, caught } = await inWorker<PlantedResult>('./planted-worker.ts', task);
    expect(misplaced).toEqual([]);
    expect(caught).toBeDefined();
    const seed = caught?.seed ?? 0;
    const { violations } = await simulate(planOf(seed, choice), new Dice(numbersOf(seed)));
    expect(violations).toEqual([]);
  });
});
