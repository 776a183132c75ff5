import { bug, type Bug } from './bug.ts';

export const deadLetterBugs: readonly Bug[] = [
  bug(
    'a dead letter is recorded and not settled',
    'src/engine/dead-letters.ts',
    'await settle(this.#ports, job, [segment]);',
    'void settle; void segment;',
  ),
  bug(
    'a dead letter tries the deadly row for ever',
    'src/engine/last-tries.ts',
    'if (deadly.has(row.index)) {',
    'if (deadly.has(-1 - row.index)) {',
  ),
  {
    ...bug(
      'what an outage keeps away fails for good',
      'src/engine/last-tries.ts',
      'for (const [index, reason] of failed) if (!applied.has(index)) throw reason;',
      'for (const [index] of failed) if (!applied.has(index)) refusals.set(index, RETRIES_EXHAUSTED);',
    ),
    plans: { blackout: { minutes: 120, reach: 'some', writesOnly: true } },
  },
  {
    ...bug(
      'a try that a service failed counts as a death',
      'src/engine/last-tries.ts',
      'await effect();\n    } finally {',
      'await effect();\n    } catch (reason) {\n      throw reason;\n    }\n    {',
    ),
    plans: { blackout: { minutes: 240, reach: 'all', writesOnly: true } },
  },
  {
    ...bug(
      'a try that only may have been noted is not taken back',
      'src/engine/last-tries.ts',
      'try {\n      await tries.begin(key, batch, index, clock.now());',
      'await tries.begin(key, batch, index, clock.now());\n    try {',
    ),
    plans: { maxReceives: 1, faults: { errorAfter: 40 } },
  },
  {
    ...bug(
      'the first worker that dies over a row is the last',
      'src/engine/last-tries.ts',
      'deaths(begun) >= DEADLY_TRIES',
      'deaths(begun) >= 1',
    ),
    plans: { maxReceives: 1, faults: { killBefore: 10 } },
  },
  {
    ...bug(
      'a try that is under way counts as a death',
      'src/engine/last-tries.ts',
      'begun.filter((at) => at <= latest).length',
      'begun.length',
    ),
    plans: { maxReceives: 1, faults: { expire: 30 } },
  },
  bug(
    'dead letters of batches are parked before each row of them has killed its workers',
    'src/contract/queues.ts',
    'PARK_BATCH_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 90',
    'PARK_BATCH_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 5',
  ),
  {
    name: 'a given-up fan-out fails a sealed job',
    edits: [
      { file: 'src/engine/fail-stuck.ts', from: '!job.seal && ', to: '' },
      { file: 'src/engine/fail-stuck.ts', from: 'isSealed: false, ', to: '' },
    ],
  },
  bug(
    'a given-up fan-out that got on is not continued',
    'src/engine/fail-stuck.ts',
    'else await ports.continuations.send',
    'else if (job.seal) await ports.continuations.send',
  ),
];
