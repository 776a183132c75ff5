import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Dice,
  LIMITS,
  NO_FAULTS,
  simulate,
  type Faults,
  type Plan,
  type PlannedFile,
} from '../../../test/kit/simulation/index.ts';

/** The time limit of one test, generous because other tests may run at the same time. */
const TIME_LIMIT_MS = 60_000;

/** `test/simulation` plays many histories of whole seeds. These few shrink to a short history if they fail. */
const HISTORIES = 100;

const aFile: fc.Arbitrary<PlannedFile> = fc.record({
  way: fc.constantFrom('uploaded', 'put'),
  rows: fc.array(
    fc.record({
      form: fc.constantFrom('plain', 'quoted', 'multiline', 'blank'),
      isOutdated: fc.boolean(),
      isKiller: fc.constant(false),
    }),
    { maxLength: 10 },
  ),
});

const aCut: fc.Arbitrary<Plan['cut']> = fc.record({
  itemsPerBatch: fc.integer({ min: 1, max: 3 }),
  batchesPerSegment: fc.integer({ min: 1, max: 3 }),
  batchBytes: fc.constantFrom(40, 10_000),
});

const strength = fc.constantFrom(0, 3, 10);
const someFaults = (besides: Partial<Faults>): fc.Arbitrary<Faults> =>
  fc
    .record({
      killBefore: strength,
      killAfter: strength,
      errorBefore: strength,
      errorAfter: strength,
      errorPart: strength,
      expire: strength,
      duplicate: strength,
      hurry: fc.constantFrom(0, 40),
    })
    .map((faults) => ({ ...NO_FAULTS, ...faults, ...besides }));

const aHistory = (besides: Partial<Faults>) =>
  fc.record({
    plan: fc.record<Plan>({
      files: fc.array(aFile, { minLength: 1, maxLength: 2 }),
      cut: aCut,
      laterCut: aCut,
      limits: fc.constant(LIMITS),
      pieceBytes: fc.constantFrom(7, 64, 1_000),
      faults: someFaults(besides),
      faultySteps: fc.constant(200),
      redrives: fc.constantFrom(0, 1),
      deployBetween: fc.boolean(),
      strictAtFirst: fc.boolean(),
      sweep: fc.constant(false),
      maxReceives: fc.constantFrom(1, 3, 10),
      deepQueue: fc.constant(500),
      ghosts: fc.constant(0),
      backsOff: fc.boolean(),
      isFirstDeadly: fc.constant(false),
      pace: fc.constantFrom(1, 2_000),
    }),
    choices: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
  });

/** Expects no violation in any history with the faults of every test and the given ones. */
const expectExact = (besides: Partial<Faults>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(aHistory(besides), async ({ plan, choices }) => {
      expect((await simulate(plan, new Dice(choices))).violations).toEqual([]);
    }),
    { numRuns: HISTORIES },
  );

describe('an import under duplication, reordering, delay, repetition and kills between any two port calls', () => {
  it(
    'makes one task of every valid row, one failure of every other, and one completion',
    () => expectExact({}),
    TIME_LIMIT_MS,
  );

  it('keeps what a caller makes of a task', () => expectExact({ edit: 20 }), TIME_LIMIT_MS);

  it(
    'keeps counts and tasks equal if a deployment changes the rules in the middle',
    () => expectExact({ deploy: 5, zombiesFail: false }),
    TIME_LIMIT_MS,
  );
});
