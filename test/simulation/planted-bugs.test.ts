import { describe, expect, it } from '@jest/globals';
import { Dice, numbersOf, planOf, simulate } from '../kit/simulation/index.ts';
import { bugs } from './bugs.ts';
import { inWorker } from './in-worker.ts';
import type { PlantedResult, PlantedTask } from './planted-worker.ts';

/** Histories in which a bug must show. */
const BUDGET = 4_000;

/** Bugs that show late are hunted from here on: what comes before takes half of the time, and shows nothing. */
const FIRST_SEEDS: Readonly<Record<string, number>> = {
  'a redrive releases what another delivery of it has judged failed': 3_610,
  'a late delivery of the first pass voids what a redrive has brought in': 2_605,
  'the sweep starts a second chain of a file that went on': 2_225,
  'a row is voided although a person works with it': 1_660,
  'a job is resumed before its end is announced': 1_610,
  'a job that ended ends again': 1_410,
  'the invocations of one recovery have numbers of their own': 1_110,
  'what is on its way when a stopped batch is looked up is seen': 1_025,
  'a try that only may have been noted is not taken back': 730,
  'what an outage keeps away fails for good': 630,
  'a fan-out fails a job that another has sealed': 390,
  'a job is cancelled that is about to complete': 325,
  'a first delivery that lost leaves what it did': 225,
  'readers take the void of whoever lost for good, and it dies before it takes it back': 170,
  'batches on their way are dropped when their job fails': 125,
  'the sweep asks every minute': 120,
  'two sweeps at once both ask': 115,
};

describe('the simulation finds every protection that is taken away, and nothing in the same history with it', () => {
  it.each(bugs.map((bug) => [bug.name, bug] as const))('%s', async (name, { edits, needsSweep, plans }) => {
    const choice = { sweep: needsSweep === true, ...plans };
    const task: PlantedTask = { edits, plans: choice, firstSeed: FIRST_SEEDS[name] ?? 0, budget: BUDGET };
    const { misplaced, caught } = await inWorker<PlantedResult>('./planted-worker.ts', task);
    expect(misplaced).toEqual([]);
    expect(caught).toBeDefined();
    const seed = caught?.seed ?? 0;
    const { violations } = await simulate(planOf(seed, choice), new Dice(numbersOf(seed)));
    expect(violations).toEqual([]);
  });
});
