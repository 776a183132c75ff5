import { expect, it } from '@jest/globals';
import { aBatch, aClock, aCut, aRunningJob, Names } from '../../../test/kit/factories.ts';
import { LATE } from '../../../test/kit/fan-out.ts';
import { MemoryTries } from '../../../test/kit/memory/index.ts';
import { LastTries } from './last-tries.ts';

it('rejects for items that it had no time for, also if another worker imports the first of them meanwhile', async () => {
  const job = aRunningJob({ cut: aCut({ itemsPerBatch: 3 }) });
  const rows = ['Ada', 'Bob', 'Cleo'].map((row, index) => ({ index, row }));
  const batch = aBatch(
    job,
    0,
    rows.map(({ row }) => row),
  );
  const names = new Names();
  const applied = names.applied.bind(names);
  names.applied = async (run, indexes) => {
    const found = await applied(run, indexes);
    names.stored.set(0, 'Ada');
    return found;
  };
  const tries = new LastTries({ tries: new MemoryTries(), clock: aClock() }, names);
  await expect(tries.importEach(job, batch, rows, LATE)).rejects.toMatchObject({ name: 'OutOfTimeError' });
  expect(names.visible).toEqual([[0, 'Ada']]);
});
