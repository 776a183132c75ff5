import { describe, expect, it } from '@jest/globals';
import { Dice, numbersOf, planOf, simulate } from '../kit/simulation/index.ts';
import { bugs } from './bugs.ts';
import { inWorker } from './in-worker.ts';
import type { PlantedResult, PlantedTask } from './planted-worker.ts';

/** The number of histories within which a bug must show. */
const BUDGET = 4_000;

/** The seeds at which the search for late bugs begins: the seeds before take half of the time, and show nothing. */
const FIRST_SEEDS: Readonly<Record<string, number>> = {
  'a delivery of a redrive releases a row that another delivery has refused': 3_610,
  'a late delivery of the first pass voids a row that a redrive has imported': 2_605,
  'the sweep starts a second chain of fan-outs for a file that made progress': 2_225,
  'a row counts as voided although a caller has edited it': 1_660,
  'a job is resumed before its end is announced': 1_610,
  'an ended job ends again': 1_410,
  'the invocations of one recovery use different numbers': 1_110,
  'a row written after its stopped batch was counted is visible': 1_025,
  'a try whose note may have failed is not taken back': 730,
  'a row that an outage kept from being stored fails for good': 630,
  'a fan-out fails a job that another has sealed': 390,
  'a job is cancelled although it is about to complete': 325,
  'a first delivery that lost leaves the rows it voided': 225,
  'a repeated delivery that lost leaves the rows it voided': 170,
  'queued batches are dropped when their job fails': 125,
  'the sweep recovers a job every minute': 120,
  'two sweeps at once both recover a job': 115,
};

describe('the simulation finds each planted bug, and finds nothing in the same history without the bug', () => {
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
