import { describe, expect, it } from '@jest/globals';
import { Pipeline } from '../../../test/kit/pipeline.ts';
import { runsOf } from '../stored-jobs.ts';

/** A file of five, complete, of which the given names were refused by the rules of the time. */
async function completed(...refused: string[]): Promise<Pipeline> {
  const pipeline = await Pipeline.open(['Ada', 'Bob', 'Cleo', 'Dan', 'Eva']);
  for (const name of refused) pipeline.names.refused.add(name);
  await pipeline.run();
  pipeline.names.refused.clear();
  return pipeline;
}

const runsIn = async (pipeline: Pipeline) => runsOf(pipeline.jobs, await pipeline.stored());

describe('a redrive by codes, once a report lists them', () => {
  const GROUP = { code: 'REFUSED', count: 1, firstIndex: 1, message: 'refused' };
  const report = { run: 0, groups: [GROUP], others: 0 };

  it('is refused if no item has one of them, and uses up no number', async () => {
    const pipeline = await completed('Bob');
    await pipeline.jobs.attachReport(pipeline.job, report);
    const message = expect.stringMatching(
      /none of its failed rows has the code ANOTHER or OTHER; their codes are REFUSED$/,
    );
    await expect(pipeline.redrive(['OTHER', 'ANOTHER'])).rejects.toMatchObject({ message });
    expect(await pipeline.stored()).not.toHaveProperty('redrive');
    await pipeline.redrive(['ANOTHER', 'REFUSED']);
    await pipeline.deliver();
    expect(await pipeline.remaining()).toEqual([]);
  });

  it.each([
    ['does not name all', { ...report, others: 1 }],
    ['is of another run', { ...report, run: 7 }],
  ])('is tried if that %s', async (_, stale) => {
    const pipeline = await completed('Bob');
    await pipeline.jobs.attachReport(pipeline.job, stale);
    await pipeline.redrive(['ANOTHER']);
    await pipeline.deliver();
    expect(await runsIn(pipeline)).toMatchObject([{ status: 'COMPLETED', seal: { itemCount: 0 } }]);
  });

  it('uses the report of the latest redrive', async () => {
    const pipeline = await completed('Bob', 'Eva');
    pipeline.names.refused.add('Bob');
    await pipeline.redrive();
    await pipeline.deliver();
    await pipeline.jobs.attachReport(pipeline.job, { ...report, run: 1 });
    await expect(pipeline.redrive(['ANOTHER'])).rejects.toThrow('none of its failed rows has the code ANOTHER');
  });
});

it('a redrive reads rows with the options of the upload', async () => {
  const options = { nullWords: ['NA'] };
  const pipeline = await Pipeline.ofText('name\nNA\nBob\n', undefined, 30, { options });
  await pipeline.run();
  await pipeline.redrive();
  await pipeline.deliver();
  expect(await runsIn(pipeline)).toMatchObject([{ options, failed: 1 }]);
});

describe('a redrive of records with a fault', () => {
  it('fails them again, as they were', async () => {
    const pipeline = await Pipeline.ofText(`name\n"Ada" King\n${'x'.repeat(70_000)}\nBob\n`, undefined, 30_000);
    await pipeline.run();
    const before = await pipeline.remaining();
    expect(before).toEqual([
      [0, 'INVALID_QUOTES'],
      [1, 'ROW_TOO_LARGE'],
    ]);
    await pipeline.redrive();
    await pipeline.deliver();
    expect((await runsIn(pipeline))[0]).toMatchObject({ status: 'COMPLETED', succeeded: 0, failed: 2 });
    expect(await pipeline.remaining()).toEqual(before);
  });
});
