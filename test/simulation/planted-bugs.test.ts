import { describe, expect, it } from '@jest/globals';
import type { Bug } from './bug.ts';
import { bugs } from './bugs.ts';
import { inWorker } from './in-worker.ts';
import type { PlantedResult, PlantedTask } from './planted-worker.ts';

/** Histories in which a bug must show. */
const BUDGET = 4_000;

const hunt = ({ edits, needsSweep, plans }: Bug): Promise<PlantedResult> => {
  const task: PlantedTask = { edits, plans: { sweep: needsSweep === true, ...plans }, budget: BUDGET };
  return inWorker('./planted-worker.ts', task);
};

describe('the simulation finds every protection that is taken away', () => {
  it.each(bugs.map((bug) => [bug.name, bug] as const))('%s', async (_, bug) => {
    const { misplaced, caught } = await hunt(bug);
    expect(misplaced).toEqual([]);
    expect(caught).toBeDefined();
  });

  it('and nothing where none is', async () => {
    expect(await hunt({ name: 'none', edits: [] })).toEqual({ misplaced: [], seeds: BUDGET });
  });
});
