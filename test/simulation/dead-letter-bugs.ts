import { bug, type Bug } from './bug.ts';

/** With this edit the note of a try stays open unless the try succeeds. */
const OPEN_AFTER_FAILURE: [from: string, to: string] = [
  'await effect();\n    } finally {',
  'await effect();\n    } catch (reason) {\n      throw reason;\n    }\n    {',
];

export const deadLetterBugs: readonly Bug[] = [
  bug(
    'a dead letter is recorded but not settled',
    'src/engine/process/dead-letters.ts',
    'await settle(this.#ports, job, [segment]);',
    'void settle; void segment;',
  ),
  bug(
    'a dead letter tries its deadly row without a limit',
    'src/engine/process/last-tries.ts',
    'if (deadly.has(row.index)) {',
    'if (deadly.has(-1 - row.index)) {',
  ),
  {
    ...bug(
      'a row that an outage kept from being stored fails for good',
      'src/engine/process/last-tries.ts',
      'for (const [index, reason] of failed) if (!applied.has(index)) throw reason;',
      'for (const [index] of failed) if (!applied.has(index)) refusals.set(index, RETRIES_EXHAUSTED);',
    ),
    plans: { blackout: { store: 'tasks', minutes: 120, reach: 'some', writesOnly: true } },
  },
  {
    ...bug(
      'a try that failed because of a service counts as a death',
      'src/engine/process/noted-tries.ts',
      ...OPEN_AFTER_FAILURE,
    ),
    plans: { blackout: { store: 'tasks', minutes: 240, reach: 'all', writesOnly: true } },
  },
  {
    ...bug(
      'a reading that failed because of a service counts as a death',
      'src/engine/process/noted-tries.ts',
      ...OPEN_AFTER_FAILURE,
    ),
    plans: { blackout: { store: 'objects', minutes: 240, reach: 'all', writesOnly: false }, sweep: false },
  },
  {
    ...bug(
      'a fan-out that an outage stopped fails its file',
      'src/engine/split/dead-letters.ts',
      'if (deadly.has(tryKey.tried))',
      'if (deadly)',
    ),
    plans: { blackout: { store: 'objects', minutes: 240, reach: 'all', writesOnly: false } },
  },
  {
    ...bug(
      'a deadly file is read without a limit',
      'src/engine/split/dead-letters.ts',
      'if (deadly.has(tryKey.tried))',
      'if (!deadly)',
    ),
    plans: { isFirstDeadly: true },
  },
  {
    ...bug(
      'a dead letter that has reopened its file is sent on without a limit',
      'src/engine/split/dead-letters.ts',
      'if (isResumable(job) && job.attempt === deadLetter.attempt)',
      'if (job)',
    ),
    plans: { isFirstDeadly: true, redrives: 2 },
  },
  {
    ...bug(
      'a try that could not be taken back is not taken back later',
      'src/engine/process/noted-tries.ts',
      'if (round === TAKE_BACK_ROUNDS || isLate) throw reason;',
      'void isLate; throw reason;',
    ),
    plans: { maxReceives: 1, isFirstDeadly: false, faults: { errorBefore: 40, hurry: 0 } },
  },
  {
    ...bug(
      'a try whose note may have failed is not taken back',
      'src/engine/process/noted-tries.ts',
      'try {\n      await tries.begin(tryKey.key, tryKey.batch, tryKey.tried, clock.now());',
      'await tries.begin(tryKey.key, tryKey.batch, tryKey.tried, clock.now());\n    try {',
    ),
    plans: { maxReceives: 1, faults: { errorAfter: 40 } },
  },
  {
    ...bug(
      'one death of a worker is enough to fail a row',
      'src/engine/process/noted-tries.ts',
      'deaths(begun) >= DEADLY_TRIES',
      'deaths(begun) >= 1',
    ),
    plans: { maxReceives: 1, faults: { killBefore: 10 } },
  },
  {
    ...bug(
      'a try that is under way counts as a death',
      'src/engine/process/noted-tries.ts',
      'begun.filter((at) => at <= latest).length',
      'begun.length',
    ),
    plans: { maxReceives: 1, faults: { expire: 30 } },
  },
  bug(
    'dead letters are parked before each of their rows has had its tries',
    'src/contract/queues.ts',
    'PARK_TRIED_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 90',
    'PARK_TRIED_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 5',
  ),
  bug(
    'a dead letter of a fan-out that made progress is not continued',
    'src/engine/split/dead-letters.ts',
    'if (job.seal || !isWhereItWas(job, deadLetter)) return this.#continue(job, deadLetter.recovery);',
    'if (job.seal || !isWhereItWas(job, deadLetter)) return;',
  ),
];
