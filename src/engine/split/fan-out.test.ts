import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aJob, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { batchesByNumber, LATE, lateFromCheck, namesFile, NOW, openFanOut, PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryJobs } from '../../../test/kit/memory/index.ts';
import { SourceError } from '../errors.ts';
import { segmentKey } from '../model/job.ts';

describe('the fan-out of a file', () => {
  it('starts the job, sends every item in batches, and seals the job', async () => {
    const { job, messaging, run, stored } = await openFanOut(
      '\uFEFFNote,NAME\r\n,Ada\r\n\r\nfirst,"Bob\r\nby"\r\n,Cleo',
    );
    await run();
    const ofJob = { tenant: job.tenant, jobId: job.jobId, runId: job.jobId };
    expect(messaging.sentBatches).toEqual([
      {
        ...ofJob,
        batch: 0,
        bytes: 25,
        items: [
          { index: 0, line: 2, cells: ['', 'Ada'] },
          { index: 1, line: 4, cells: ['first', 'Bob\r\nby'] },
        ],
      },
      { ...ofJob, batch: 1, bytes: 5, items: [{ index: 2, line: 6, cells: ['', 'Cleo'] }] },
    ]);
    expect(await stored()).toMatchObject({
      status: 'IN_PROGRESS',
      header: ['Note', 'NAME'],
      startedAt: NOW,
      seal: { itemCount: 3, batchCount: 2 },
    });
    expect(messaging.announced).toEqual([]);
  });

  it('accounts for every byte of the file behind its header', async () => {
    const text = namesFile(9);
    const { messaging, run } = await openFanOut(text);
    await run();
    const bytes = messaging.sentBatches.reduce((sum, batch) => sum + batch.bytes, 0);
    expect(bytes).toBe(Buffer.byteLength(text) - 'name\n'.length);
  });

  it('reads a file with the options of its upload', async () => {
    const shiftJis = Buffer.from([
      0x6e, 0x61, 0x6d, 0x65, 0x7c, 0x78, 0x0a, 0x83, 0x65, 0x83, 0x58, 0x83, 0x67, 0x7c, 0x2c,
    ]);
    const { messaging, run, stored } = await openFanOut(shiftJis, {
      job: { options: { encoding: 'shift_jis', delimiter: '|' } },
    });
    await run();
    expect(await stored()).toMatchObject({ format: { encoding: 'shift_jis', delimiter: '|' }, header: ['name', 'x'] });
    expect(messaging.sentBatches[0]?.items).toMatchObject([{ cells: ['テスト', ','] }]);
  });

  it('fails a file with an unknown column if its upload was strict', async () => {
    const job = { options: { strict: true } };
    const { run, stored } = await openFanOut('name,nmae\nAda,\n', { job });
    await run();
    expect(await stored()).toMatchObject({ status: 'FAILED', failure: { code: 'UNKNOWN_COLUMNS' } });
    const known = await openFanOut('NAME\nAda\n', { job });
    await known.run();
    expect(await known.stored()).toMatchObject({ status: 'IN_PROGRESS' });
  });

  it('completes a file that has only a header', async () => {
    for (const text of ['name', 'name\r\n\r\n']) {
      const { messaging, run, stored } = await openFanOut(text);
      await run();
      expect(await stored()).toMatchObject({ status: 'IN_PROGRESS', seal: { itemCount: 0, batchCount: 0 } });
      expect(messaging.sentBatches).toEqual([]);
      expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 0, succeeded: 0, failed: 0 } }]);
    }
  });

  it('cuts the same batches in every fan-out, wherever pieces end and however often the time runs out', async () => {
    const aCutRule = fc.record({ itemsPerBatch: fc.integer({ min: 1, max: 3 }), batchBytes: fc.constantFrom(30, 500) });
    const aRun = fc.record({
      count: fc.nat({ max: 20 }),
      cut: aCutRule,
      pieceBytes: fc.integer({ min: 50, max: 100 }),
      limits: fc.record({
        batchesPerSend: fc.integer({ min: 1, max: 4 }),
        sendsInFlight: fc.integer({ min: 1, max: 3 }),
      }),
    });
    await fc.assert(
      fc.asyncProperty(aRun, async ({ count, cut, pieceBytes, limits }) => {
        const whole = await openFanOut(namesFile(count), { cut, pieceBytes: 10_000 });
        await whole.run();
        const hurried = await openFanOut(namesFile(count), { cut, pieceBytes, limits });
        for (let runs = 1; !(await hurried.stored()).seal && runs < 100; runs += 1) {
          await hurried.run(lateFromCheck(3));
          expect(hurried.messaging.sentContinuations).toHaveLength((await hurried.stored()).seal ? runs - 1 : runs);
        }
        expect(batchesByNumber(hurried.messaging.sentBatches)).toEqual(batchesByNumber(whole.messaging.sentBatches));
        expect((await hurried.stored()).seal).toEqual((await whole.stored()).seal);
      }),
      { numRuns: 60 },
    );
  });

  it('saves its checkpoint and asks for another invocation before its time runs out', async () => {
    const { job, messaging, run, stored } = await openFanOut(namesFile(50), {
      cut: { batchesPerSegment: 1_000 },
    });
    await run(LATE);
    const { checkpoint, seal } = await stored();
    expect(seal).toBeUndefined();
    expect(messaging.sentContinuations).toEqual([
      { kind: 'split', tenant: job.tenant, jobId: job.jobId, nextBatch: checkpoint.nextBatch, attempt: 0 },
    ]);
    expect(messaging.sentBatches.at(-1)).toMatchObject({ batch: checkpoint.nextBatch - 1 });
    expect(checkpoint.nextBatch).toBeGreaterThan(0);
  });

  it('cuts at least one batch, however late it begins, so that continuations end', async () => {
    const { run, stored } = await openFanOut(namesFile(3), { pieceBytes: 8 });
    for (let runs = 0; runs < 10; runs += 1) await run(LATE);
    expect(await stored()).toMatchObject({ seal: { itemCount: 3 } });
  });

  it('continues at the checkpoint, not at the beginning', async () => {
    const whole = await openFanOut(namesFile(20));
    await whole.run();
    const { messaging, run, stored } = await openFanOut(namesFile(20));
    await run(LATE);
    const { nextBatch } = (await stored()).checkpoint;
    messaging.sentBatches.length = 0;
    await run();
    expect(messaging.sentBatches).toEqual(whole.messaging.sentBatches.slice(nextBatch));
  });

  it('uses the cut that is fixed on the job', async () => {
    const { messaging, run } = await openFanOut(namesFile(6), { cut: { itemsPerBatch: 4 } });
    await run();
    expect(messaging.sentBatches.map(({ items }) => items.length)).toEqual([4, 2]);
  });
});

describe('a redelivered fan-out', () => {
  it('of a sealed job sends nothing, but settles the last segment, which no worker may have seen full', async () => {
    const { job, ledger, messaging, run } = await openFanOut(namesFile(2));
    await run();
    await ledger.record(segmentKey(job, 0), [{ batch: 0, succeeded: 2, failed: 0, bytes: 18 }]);
    messaging.sentBatches.length = 0;
    await run();
    expect(messaging.sentBatches).toEqual([]);
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 2, succeeded: 2, failed: 0 } }]);
  });

  it.each([
    { status: 'COMPLETED' } as const,
    { status: 'CANCELLED', isAnnounced: true } as const,
    { status: 'FAILED', isAnnounced: true } as const,
  ])('of a job that is %j does nothing', async (end) => {
    const ended = { ...aRunningJob({ ...end, seal: { itemCount: 0, batchCount: 0 } }) };
    const { messaging, run, stored } = await openFanOut(namesFile(2), { job: ended });
    const before = await stored();
    await run();
    expect(messaging).toMatchObject({ sentBatches: [], sentContinuations: [], announced: [] });
    expect(await stored()).toEqual(before);
  });

  it('of a failed job announces it again, the same, until it is noted that it was announced', async () => {
    /** Dies once between announcing and noting it. */
    class DyingJobs extends MemoryJobs {
      deaths = 1;
      override async markAnnounced(...args: Parameters<MemoryJobs['markAnnounced']>) {
        if (this.deaths-- > 0) throw new Error('died');
        return super.markAnnounced(...args);
      }
    }
    const { messaging, run, stored } = await openFanOut('', { jobs: new DyingJobs() });
    await expect(run()).rejects.toThrow('died');
    for (let runs = 0; runs < 3; runs += 1) await run();
    expect(messaging.announced).toHaveLength(2);
    expect(messaging.announced[1]).toEqual(messaging.announced[0]);
    expect(await stored()).toMatchObject({ status: 'FAILED', isAnnounced: true });
  });

  it.each([
    ['CANCELLED', 'cancelled'],
    ['FAILED', 'failed'],
  ] as const)('of a job that is %s and not announced yet announces it, once', async (status, kind) => {
    const { messaging, run, stored } = await openFanOut(namesFile(2), { job: aRunningJob({ status }) });
    await run();
    await run();
    expect(messaging.announced).toMatchObject([{ kind }]);
    expect(messaging.sentBatches).toEqual([]);
    expect(await stored()).toMatchObject({ status, isAnnounced: true });
  });
});

describe('a file that can never be processed', () => {
  it.each([
    ['EMPTY_FILE', ''],
    ['EMPTY_FILE', '\n\n'],
    ['MISSING_COLUMN', 'title\nAda\n'],
    ['DUPLICATE_COLUMN', 'name,Name\nAda,Ada\n'],
    ['UNCLOSED_QUOTE', '"name\nAda\n'],
    ['INVALID_QUOTES', 'name,"x" y\nAda\n'],
    ['DRAWN_TABLE', ' name \n------\n Ada\n'],
    ['LINE_ENDS_MISSING', 'name,noteAda,7'],
    ['RECORD_TOO_LARGE', 'x'.repeat(70_000)],
    ['NOT_TEXT', 'na\0me\nAda\n'],
  ])('ends its job as FAILED with %s', async (code, text) => {
    const { job, messaging, run, stored } = await openFanOut(text, { pieceBytes: 70_000 });
    await run();
    const failure = { code, message: expect.stringMatching(/\w+ .*\.$/) };
    expect(await stored()).toMatchObject({ status: 'FAILED', completedAt: NOW, failure });
    expect(messaging.sentBatches).toEqual([]);
    expect(messaging.announced).toEqual([
      {
        kind: 'failed',
        tenant: job.tenant,
        jobId: job.jobId,
        eventId: job.jobId,
        originId: job.jobId,
        createdAt: CREATED_AT,
        failure,
      },
    ]);
  });

  it('may fail later; the batches before the fault stay sent', async () => {
    const { messaging, run, stored } = await openFanOut(`${namesFile(20)}"open\n`);
    await run();
    expect(await stored()).toMatchObject({ status: 'FAILED', failure: { code: 'UNCLOSED_QUOTE' } });
    expect((await stored()).failure?.message).toContain('line 22');
    expect(messaging.sentBatches.length).toBeGreaterThan(0);
    expect((await stored()).checkpoint.nextBatch).toBe(messaging.sentBatches.length);
    expect((await stored()).seal).toBeUndefined();
  });

  it('is a file whose stored version is no longer the pinned one', async () => {
    const replaced = await openFanOut(namesFile(20));
    await replaced.run(LATE);
    await replaced.objects.put(replaced.job.source.key, Buffer.from('name\n'));
    await replaced.run();
    expect(await replaced.stored()).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_CHANGED' } });
    const removed = await openFanOut(namesFile(20));
    removed.objects.remove(removed.job.source.key);
    await removed.run();
    expect(await removed.stored()).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_MISSING' } });
  });

  it('does not fail a job that another fan-out has sealed in time', async () => {
    const jobs = new MemoryJobs();
    const sources = {
      async *open() {
        yield Buffer.from('');
        await jobs.seal(aJob(), { itemCount: 0, batchCount: 0 });
        throw new SourceError('SOURCE_MISSING', 'The object was deleted.');
      },
    };
    const { messaging, run, stored } = await openFanOut('', { jobs, ports: { sources }, job: aRunningJob() });
    await run();
    expect(await stored()).toMatchObject({ status: 'IN_PROGRESS', seal: { itemCount: 0 } });
    expect(messaging.announced).toMatchObject([{ kind: 'completed' }]);
  });

  it('fails for bytes that are not text, wherever the pieces end', async () => {
    const text = `name\n${'Ada\n'.repeat(30)}${'\0'.repeat(30)}\n`;
    const outcomes = [];
    for (const pieceBytes of [1_000, 20]) {
      const { run, stored } = await openFanOut(text, { pieceBytes });
      await run();
      outcomes.push((await stored()).status);
    }
    expect(outcomes).toEqual(['FAILED', 'FAILED']);
  });
});

describe('a fan-out that cannot continue now', () => {
  it('rejects with a transient fault of the store, and leaves the job running', async () => {
    const failure = new Error('connection reset');
    const jobs = new MemoryJobs();
    const sources = {
      async *open() {
        yield Buffer.from('name\nAda\n');
        throw failure;
      },
    };
    const { messaging, run, stored } = await openFanOut('', { jobs, ports: { sources } });
    await expect(run()).rejects.toBe(failure);
    expect(await stored()).not.toHaveProperty('failure');
    expect(messaging.announced).toEqual([]);
  });

  it('leaves no send under way, however it ended', async () => {
    let underWay = 0;
    const send = async (): Promise<void> => {
      underWay += 1;
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
      underWay -= 1;
    };
    const sources = {
      async *open() {
        yield Buffer.from(namesFile(5));
        throw new Error('connection reset');
      },
    };
    const limits = { batchesPerSend: 1, sendsInFlight: 9 };
    const cut = { batchesPerSegment: 100 };
    const { run } = await openFanOut('', { ports: { sources, batches: { send } }, limits, cut });
    await expect(run()).rejects.toThrow('connection reset');
    expect(underWay).toBe(0);
  });

  it('waits for the source of a job that has none yet', async () => {
    const { job, run, stored } = await openFanOut('name\n', { job: { source: { key: aJob().source.key } } });
    await expect(run()).rejects.toMatchObject({ name: 'UnpinnedSourceError' });
    expect(await stored()).toEqual(job);
  });

  it('rejects the message of a job that is not stored', async () => {
    const { fanOut } = await openFanOut('name\n');
    const continuation = { kind: 'split', tenant: 'default', jobId: 'unknown', nextBatch: 0, attempt: 0 } as const;
    await expect(fanOut.resume(continuation, PLENTY)).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});
