import { describe, expect, it } from '@jest/globals';
import { aDelivery } from '../../../test/kit/factories.ts';
import { LATE, PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryTries } from '../../../test/kit/memory/index.ts';
import { Pipeline } from '../../../test/kit/pipeline.ts';
import { FanOutDeadLetters } from '../split/dead-letters.ts';
import type { Job } from '../model/job.ts';
import type { Finish } from '../ports/jobs.ts';
import { redrive } from './redrive.ts';
import { redriveKey, runsOf } from '../stored-jobs.ts';
import { Processor } from '../process/process.ts';

const SEVEN = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus'];

/** A complete file of seven names, of which the given ones were refused. */
async function completed(...refused: string[]): Promise<Pipeline> {
  const pipeline = await Pipeline.open(SEVEN);
  for (const name of refused) pipeline.names.refused.add(name);
  await pipeline.run();
  pipeline.names.refused.clear();
  return pipeline;
}

const runsIn = async (pipeline: Pipeline) => runsOf(pipeline.jobs, await pipeline.stored());

describe('a redrive', () => {
  it('imports failed items under their own numbers, in a run of its own; the job stays as it is', async () => {
    const pipeline = await completed('Bob', 'Eva', 'Gus');
    const before = await pipeline.stored();
    expect(await pipeline.remaining()).toEqual([
      [1, 'REFUSED'],
      [4, 'REFUSED'],
      [6, 'REFUSED'],
    ]);
    await pipeline.redrive();
    const after = await pipeline.deliver();
    expect(after).toEqual({ ...before, redrive: { number: 1, isPlanned: true } });
    expect(pipeline.names.visible).toEqual(SEVEN.map((name, index) => [index, name]));
    expect(await pipeline.remaining()).toEqual([]);
    expect(await runsIn(pipeline)).toMatchObject([{ status: 'COMPLETED', succeeded: 3, failed: 0 }]);
  });

  it('announces its own end, with its own counts, under its own id', async () => {
    const pipeline = await completed('Bob', 'Eva');
    pipeline.names.refused.add('Eva');
    await pipeline.redrive();
    await pipeline.deliver();
    const [run] = await runsIn(pipeline);
    const { announced } = pipeline.messaging;
    expect(announced.filter(({ eventId }) => eventId === run!.jobId)[0]).toMatchObject({
      kind: 'completed',
      jobId: run!.jobId,
      originId: pipeline.job.jobId,
      counts: { items: 2, succeeded: 1, failed: 1 },
    });
    expect(new Set(announced.map((event) => JSON.stringify(event))).size).toBe(2);
  });

  it('takes only items with certain codes, whatever their order', async () => {
    const pipeline = await Pipeline.open(['Ada', ' , x', 'Cleo', 'Dan']);
    pipeline.names.refused.add('Cleo');
    await pipeline.run();
    pipeline.names.refused.clear();
    expect(await pipeline.remaining()).toEqual([
      [1, 'TOO_MANY_FIELDS'],
      [2, 'REFUSED'],
    ]);
    await pipeline.redrive(['REFUSED', 'REFUSED', 'ANOTHER']);
    const { redrive } = await pipeline.deliver();
    expect(redrive).toEqual({ number: 1, codes: ['ANOTHER', 'REFUSED'], isPlanned: true });
    expect(await pipeline.remaining()).toEqual([[1, 'TOO_MANY_FIELDS']]);
    expect((await runsIn(pipeline))[0]).toMatchObject({ seal: { itemCount: 1 } });
  });

  it('completes if no item has such a code', async () => {
    const pipeline = await completed('Bob');
    await pipeline.redrive(['RETRIES_EXHAUSTED']);
    await pipeline.deliver();
    expect(await runsIn(pipeline)).toMatchObject([{ status: 'COMPLETED', seal: { itemCount: 0 } }]);
    expect(await pipeline.remaining()).toEqual([[1, 'REFUSED']]);
  });

  it('can be followed by another, of the failures that remain after the latest run', async () => {
    const pipeline = await completed('Bob', 'Eva');
    pipeline.names.refused.add('Eva');
    await pipeline.redrive();
    await pipeline.deliver();
    expect(await pipeline.remaining()).toEqual([[4, 'REFUSED']]);
    pipeline.names.refused.clear();
    await pipeline.redrive();
    await pipeline.deliver();
    expect(await pipeline.remaining()).toEqual([]);
    expect(await runsIn(pipeline)).toMatchObject([{ seal: { itemCount: 2 } }, { seal: { itemCount: 1 } }]);
  });

  it('takes as many items as it has time for; the next takes the rest, and no item is processed twice', async () => {
    const pipeline = await completed('Ada', 'Bob', 'Cleo', 'Dan', 'Eva');
    pipeline.names.refused.add('Bob');
    await pipeline.redrive();
    await pipeline.deliver(LATE);
    expect(await runsIn(pipeline)).toMatchObject([
      { seal: { itemCount: 2 }, redriveOf: { number: 1, restFrom: 2 } },
      { seal: { itemCount: 2 }, redriveOf: { number: 2, restFrom: 4 } },
      { seal: { itemCount: 1 }, redriveOf: { number: 3 } },
    ]);
    expect(await pipeline.remaining()).toEqual([[1, 'REFUSED']]);
  });

  it('writes no more into one manifest than it has room for', async () => {
    const pipeline = await Pipeline.open(Array.from({ length: 9 }, () => 'x'.repeat(300)));
    pipeline.names.refused.add('x'.repeat(300));
    await pipeline.run();
    pipeline.names.refused.clear();
    await pipeline.redrive(['REFUSED']);
    await pipeline.deliver();
    expect((await runsIn(pipeline)).map(({ seal, redriveOf }) => [seal?.itemCount, redriveOf?.codes])).toEqual([
      [4, ['REFUSED']],
      [4, ['REFUSED']],
      [1, ['REFUSED']],
    ]);
    expect(await pipeline.remaining()).toEqual([]);
  });

  it('gives way to a redrive that was asked for before it could ask for its rest', async () => {
    const pipeline = await completed('Ada', 'Bob', 'Cleo', 'Dan', 'Eva');
    await pipeline.redrive();
    await pipeline.fanOut.resume(pipeline.messaging.sentContinuations.shift()!, LATE);
    const { jobs } = pipeline;
    const claim = jobs.reserveRedrive.bind(jobs);
    jobs.reserveRedrive = async (key, redrive) => {
      jobs.reserveRedrive = claim;
      await claim(key, { number: redrive.number, codes: ['ANOTHER'], isPlanned: true });
      return claim(key, redrive);
    };
    await pipeline.deliver();
    expect((await pipeline.stored()).redrive).toEqual({ number: 2, codes: ['ANOTHER'], isPlanned: true });
  });

  it.each([
    ['was cancelled', (pipeline: Pipeline) => pipeline.cancel()],
    [
      'failed too much',
      async ({ jobs, job }: Pipeline) =>
        jobs.finish(job, { status: 'FAILED', at: 1, failure: { code: 'TOO_MANY_FAILURES', message: '' }, guard: {} }),
    ],
  ])('takes the failed items of a job that %s', async (way, end) => {
    const pipeline = await Pipeline.open(SEVEN);
    pipeline.names.refused.add('Ada');
    await pipeline.fanOut.run(await pipeline.stored(), PLENTY);
    const [first, ...dropped] = pipeline.messaging.sentBatches.splice(0);
    await new Processor(pipeline.ports, pipeline.names).process([aDelivery(first!)], PLENTY);
    await end(pipeline);
    pipeline.names.refused.clear();
    await pipeline.redrive();
    await pipeline.deliver();
    await new Processor(pipeline.ports, pipeline.names).process(
      dropped.map((batch) => aDelivery(batch)),
      PLENTY,
    );
    expect(pipeline.names.visible).toEqual([
      [0, 'Ada'],
      [1, 'Bob'],
    ]);
    expect(pipeline.messaging.announced.map(({ kind }) => kind)).toContain(
      way === 'was cancelled' ? 'cancelled' : 'failed',
    );
  });
});

describe('asking for a redrive', () => {
  it('again changes nothing, and continues the redrive under way', async () => {
    const pipeline = await completed('Bob', 'Eva');
    const claimed = await pipeline.redrive();
    pipeline.messaging.sentContinuations.length = 0;
    expect(await pipeline.redrive()).toEqual(claimed);
    await pipeline.fanOut.resume(pipeline.messaging.sentContinuations.shift()!, PLENTY);
    pipeline.messaging.sentContinuations.length = 0;
    await pipeline.redrive();
    await pipeline.deliver();
    expect(await pipeline.remaining()).toEqual([]);
    expect(await runsIn(pipeline)).toHaveLength(1);
  });

  it('several times at once results in one redrive', async () => {
    const pipeline = await completed('Bob', 'Eva');
    await Promise.all([1, 2, 3].map(() => pipeline.redrive()));
    await pipeline.deliver();
    expect(await runsIn(pipeline)).toMatchObject([{ succeeded: 2 }]);
  });

  it('several times at once with different codes results in one redrive, and refuses the others', async () => {
    const pipeline = await completed('Bob', 'Eva');
    const asked = [['REFUSED'], ['OTHER'], undefined].map((codes) => pipeline.redrive(codes));
    const results = await Promise.allSettled(asked);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await pipeline.deliver();
    expect(await runsIn(pipeline)).toHaveLength(1);
  });

  it('with the same codes again changes nothing', async () => {
    const pipeline = await completed('Bob', 'Eva');
    await pipeline.redrive(['REFUSED']);
    expect((await pipeline.redrive(['REFUSED'])).redrive).toMatchObject({ number: 1, codes: ['REFUSED'] });
  });

  it('is planned once, however often and however late it is planned again', async () => {
    const pipeline = await completed('Bob', 'Eva');
    await pipeline.redrive();
    const [planning] = pipeline.messaging.sentContinuations;
    await pipeline.deliver();
    await pipeline.fanOut.resume(planning!, PLENTY);
    await pipeline.redrive().catch(() => undefined);
    await pipeline.deliver();
    expect(await runsIn(pipeline)).toMatchObject([{ succeeded: 2 }]);
  });

  it('is refused with the reason if the job cannot be redriven', async () => {
    const refusal = (reason: string) => ({ name: 'NotRedrivableError', message: expect.stringContaining(reason) });
    const running = await Pipeline.open(SEVEN);
    await expect(running.redrive()).rejects.toMatchObject(refusal('it is NEW'));
    await expect((await completed()).redrive()).rejects.toMatchObject(refusal('it has no failed row left'));
    const pipeline = await completed('Bob');
    await pipeline.redrive(['REFUSED']);
    await expect(pipeline.redrive()).rejects.toMatchObject(refusal('redrive 1 is under way'));
    const { tenant, jobId } = pipeline.job;
    await expect(
      pipeline.fanOut.resume({ kind: 'plan', tenant, jobId, redrive: { number: 7 } }, PLENTY),
    ).rejects.toMatchObject({
      name: 'UnknownJobError',
    });
  });

  it('is refused after a hundred redrives', async () => {
    const pipeline = await completed('Bob');
    for (let number = 1; number <= 100; number += 1) {
      await pipeline.jobs.reserveRedrive(pipeline.job, { number, isPlanned: true });
    }
    await pipeline.jobs.create({ ...pipeline.job, ...redriveKey(pipeline.job, 100), status: 'COMPLETED' });
    await expect(pipeline.redrive()).rejects.toMatchObject({ message: expect.stringContaining('100 times') });
  });

  it('asks for no rest after a hundred redrives', async () => {
    const pipeline = await completed('Ada', 'Bob', 'Cleo', 'Dan', 'Eva');
    for (let number = 1; number <= 99; number += 1) {
      await pipeline.jobs.reserveRedrive(pipeline.job, { number, isPlanned: true });
    }
    await pipeline.jobs.create({ ...pipeline.job, ...redriveKey(pipeline.job, 99), status: 'COMPLETED' });
    await pipeline.redrive();
    await pipeline.deliver(LATE);
    expect(await pipeline.stored()).toMatchObject({ redrive: { number: 100 } });
    expect(await pipeline.jobs.read(redriveKey(pipeline.job, 100))).toMatchObject({
      status: 'COMPLETED',
      redriveOf: { restFrom: 2 },
    });
    expect(await pipeline.remaining()).toHaveLength(3);
  });

  it('is refused if the latest redrive failed for good', async () => {
    const pipeline = await completed('Bob');
    await pipeline.redrive();
    await pipeline.fanOut.resume(pipeline.messaging.sentContinuations.shift()!, PLENTY);
    const [run] = await runsIn(pipeline);
    const failure = { code: 'SOURCE_MISSING' as const, message: 'the manifest is gone' };
    await pipeline.jobs.seal(run!, { itemCount: 1, batchCount: 1 });
    await pipeline.jobs.finish(run!, { status: 'FAILED', at: 1, failure, guard: {} });
    await expect(pipeline.redrive()).rejects.toMatchObject({
      message: expect.stringContaining('the manifest is gone'),
    });
  });
});

describe('a job that failed in the middle of its source', () => {
  const UNCLOSED = 'name\nAda\nBob\nCleo\n"Dan';

  const SPLIT_FAILURE: Finish['failure'] = { code: 'SPLIT_RETRIES_EXHAUSTED', message: 'workers died over it' };
  const fail = (pipeline: Pipeline, job: Job, failure = SPLIT_FAILURE): Promise<Job> =>
    pipeline.jobs.finish(job, { status: 'FAILED', at: 1, failure, guard: {} });

  /** Splits a file in part; then the reader of dead letters fails it. */
  async function failedHalfway(): Promise<Pipeline> {
    const pipeline = await Pipeline.open(SEVEN);
    await pipeline.fanOut.run(await pipeline.stored(), LATE);
    pipeline.messaging.sentContinuations.length = 0;
    await fail(pipeline, await pipeline.stored());
    return pipeline;
  }

  it.each(['SPLIT_RETRIES_EXHAUSTED', 'SOURCE_MISSING', 'SOURCE_CHANGED'] as const)(
    'is started if nothing of it was read before it failed: %s',
    async (code) => {
      const pipeline = await Pipeline.open(SEVEN);
      await fail(pipeline, await pipeline.stored(), { code, message: 'no' });
      expect(await pipeline.redrive()).toMatchObject({ status: 'NEW', attempt: 1 });
      pipeline.messaging.sentContinuations.length = 0;
      expect(await pipeline.redrive()).toMatchObject({ status: 'NEW', attempt: 1 });
      expect(await pipeline.deliver()).toMatchObject({ status: 'COMPLETED', succeeded: 7, attempt: 1 });
    },
  );

  it.each([
    ['whose content never came', {}, 'UPLOAD_EXPIRED'],
    ['whose header can never be read', { etag: 'one', bytes: 9 }, 'MISSING_COLUMN'],
  ] as const)('is not started if it is one %s', async (_, version, code) => {
    const pipeline = await Pipeline.open(SEVEN);
    const { key } = pipeline.job.source;
    const job = await pipeline.jobs.create({ ...pipeline.job, jobId: 'other', source: { key, ...version } });
    await fail(pipeline, job, { code, message: 'no' });
    await expect(redrive(pipeline.ports, job)).rejects.toMatchObject({ name: 'NotRedrivableError' });
  });

  it('has the batches processed that were in the queue', async () => {
    const pipeline = await failedHalfway();
    expect(await pipeline.deliver()).toMatchObject({ status: 'FAILED', failure: { code: 'SPLIT_RETRIES_EXHAUSTED' } });
    expect(pipeline.names.visible.length).toBeGreaterThan(0);
  });

  it('is resumed from its checkpoint, and completes as if it had not failed', async () => {
    const pipeline = await failedHalfway();
    const resumed = await pipeline.redrive();
    expect(resumed).toMatchObject({ status: 'IN_PROGRESS', attempt: 1 });
    expect(await pipeline.deliver()).toMatchObject({ status: 'COMPLETED', succeeded: 7, failed: 0, attempt: 1 });
    expect(pipeline.names.visible).toHaveLength(7);
    const { announced } = pipeline.messaging;
    expect(announced.map(({ kind }) => kind).slice(0, 2)).toEqual(['failed', 'completed']);
    expect(new Set(announced.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('is resumed again by a repeated request, if the message of the first one was lost', async () => {
    const pipeline = await failedHalfway();
    await pipeline.redrive();
    pipeline.messaging.sentContinuations.length = 0;
    await pipeline.redrive();
    expect(await pipeline.deliver()).toMatchObject({ status: 'COMPLETED', succeeded: 7 });
  });

  it('is not failed again by a dead letter of the attempt before', async () => {
    const pipeline = await failedHalfway();
    const { checkpoint } = await pipeline.redrive();
    pipeline.messaging.sentContinuations.length = 0;
    const { tenant, jobId } = pipeline.job;
    await new FanOutDeadLetters({ ...pipeline.ports, tries: new MemoryTries() }, pipeline.fanOut).handle(
      { kind: 'split', tenant, jobId, nextBatch: checkpoint.nextBatch, attempt: 0 },
      PLENTY,
    );
    expect(await pipeline.deliver()).toMatchObject({ status: 'COMPLETED', succeeded: 7 });
  });

  it('is not resumed if its source is damaged, because it would fail again; the message says so', async () => {
    const pipeline = await Pipeline.ofText(UNCLOSED);
    expect(await pipeline.run()).toMatchObject({ status: 'FAILED', failure: { code: 'UNCLOSED_QUOTE' } });
    const message = expect.stringMatching(
      /it has no failed row left, and a new read of its source fails again with UNCLOSED_QUOTE/,
    );
    await expect(pipeline.redrive()).rejects.toMatchObject({ message });
    expect(await pipeline.stored()).toMatchObject({ status: 'FAILED', attempt: 0 });
  });

  it('has its failed rows redriven if its source is damaged', async () => {
    const pipeline = await Pipeline.ofText(UNCLOSED);
    pipeline.names.refused.add('Bob');
    await pipeline.run();
    pipeline.names.refused.clear();
    await pipeline.redrive(['REFUSED']);
    await pipeline.deliver();
    expect(await pipeline.remaining()).toEqual([]);
    expect(pipeline.names.visible).toContainEqual([1, 'Bob']);
  });

  it('is resumed if its source was gone and is stored again', async () => {
    const pipeline = await Pipeline.open(SEVEN);
    await pipeline.fanOut.run(await pipeline.stored(), LATE);
    pipeline.messaging.sentContinuations.length = 0;
    const failure = { code: 'SOURCE_MISSING' as const, message: 'gone' };
    await pipeline.jobs.finish(await pipeline.stored(), { status: 'FAILED', at: 1, failure, guard: {} });
    await pipeline.redrive();
    expect(await pipeline.deliver()).toMatchObject({ status: 'COMPLETED', succeeded: 7, attempt: 1 });
  });

  it('is resumed as a whole, so codes are refused', async () => {
    await expect((await failedHalfway()).redrive(['REFUSED'])).rejects.toMatchObject({
      message: expect.stringContaining('as a whole'),
    });
  });

  it('is resumed also if it is a redrive', async () => {
    const pipeline = await completed('Ada', 'Bob', 'Cleo', 'Dan', 'Eva');
    await pipeline.redrive();
    await pipeline.fanOut.resume(pipeline.messaging.sentContinuations.shift()!, PLENTY);
    await pipeline.fanOut.resume(pipeline.messaging.sentContinuations.shift()!, LATE);
    pipeline.messaging.sentContinuations.length = 0;
    const [run] = await runsIn(pipeline);
    await fail(pipeline, run!);
    await pipeline.redrive();
    await pipeline.deliver();
    expect(await runsIn(pipeline)).toMatchObject([{ status: 'COMPLETED', succeeded: 5, attempt: 1 }]);
    expect(await pipeline.remaining()).toEqual([]);
  });
});
