import { backlogBugs } from './backlog-bugs.ts';
import { bug, type Bug, type Edit } from './bug.ts';
import { deadLetterBugs } from './dead-letter-bugs.ts';

/** Takes away the protection of readers. It hides the effect of every missing protection of writers. */
const EVERY_VOID_STANDS: Edit = {
  file: 'src/engine/failures/voids.ts',
  from: 'return (await succeededOf(failures, segment, batch, [index])).length === 0;',
  to: 'return true;',
};

const SWEPT = { needsSweep: true } as const;

export const bugs: readonly Bug[] = [
  // Recording and rolling up.
  bug(
    'a redelivered batch does not roll its segment up',
    'src/engine/process/process.ts',
    'touched.push(await this.#batches.processAlone(job, batch));',
    'await this.#batches.processAlone(job, batch);',
  ),
  {
    name: 'settling uses the job as it was before the recording',
    edits: [
      {
        file: 'src/engine/process/process.ts',
        from: 'const { touched, undone } = await this.#processBatches(deliveries, deadline);',
        to: 'const stale = await readJob(this.#ports.jobs, deliveries[0]!.batch); const { touched, undone } = await this.#processBatches(deliveries, deadline);',
      },
      {
        file: 'src/engine/process/process.ts',
        from: 'await settle(this.#ports, deliveries[0]!.batch, touched);',
        to: 'await settle({ ...this.#ports, jobs: Object.assign(Object.create(this.#ports.jobs), { read: async () => stale }) }, deliveries[0]!.batch, touched);',
      },
    ],
  },
  bug(
    'two copies of a batch in one invocation count as two batches',
    'src/engine/process/process.ts',
    'Map.groupBy(deliveries, ({ batch }) => batch.batch)',
    'Map.groupBy(deliveries, ({ messageId }) => messageId)',
  ),
  bug(
    'batches delivered together with a recorded one count as recorded',
    'src/engine/process/record.ts',
    'if (result.segment.batches.has(batch)) earlier.add(batch);',
    'earlier.add(batch);',
  ),
  bug(
    'a batch that is already recorded is recorded again',
    'test/kit/memory/ledger.ts',
    'if (outcomes.some(({ batch }) => before.batches.has(batch))) return { recorded: false, segment: before };',
    '',
  ),
  bug(
    'a segment is rolled up although another was since the job was read',
    'test/kit/memory/jobs.ts',
    '(job) => JSON.stringify(job.closed) === JSON.stringify(from),',
    '() => true,',
  ),
  bug(
    'rows are recorded before they are stored',
    'src/engine/process/batch-processor.ts',
    'if (rows.length > 0) await this.#definition.apply(runOf(job), rows);',
    'if (rows.length > 0) void this.#definition.apply(runOf(job), rows).catch(() => undefined);',
  ),
  bug(
    'failures are counted before their details are kept',
    'src/engine/process/batch-processor.ts',
    'await this.#ports.failures.keep(key, kept);',
    'void this.#ports.failures.keep(key, kept).catch(() => undefined);',
  ),

  // The visible tasks agree with the counts.
  bug(
    'failed rows are not voided',
    'src/engine/process/batch-processor.ts',
    'const refused = failures.length > 0 ? await this.#refuse(job, batch, failures) : [];',
    'const refused = failures;',
  ),
  {
    name: 'a delivery that lost does not restore the rows it voided',
    edits: [
      EVERY_VOID_STANDS,
      {
        file: 'src/engine/process/batch-processor.ts',
        from: 'if (succeeded.length > 0) await this.#definition.restoreItems(runOf(job), succeeded);',
        to: '',
      },
    ],
  },
  {
    name: 'a first delivery that lost leaves the rows it voided',
    edits: [
      EVERY_VOID_STANDS,
      {
        file: 'src/engine/process/batch-processor.ts',
        from: 'for (const batch of lost) await this.#enforce(job, batch, segment);',
        to: 'void lost;',
      },
    ],
  },
  {
    name: 'a repeated delivery that lost leaves the rows it voided',
    edits: [
      EVERY_VOID_STANDS,
      {
        file: 'src/engine/process/batch-processor.ts',
        from: 'await this.#enforce(job, batch, segment);\n    return segment;',
        to: 'return segment;',
      },
    ],
  },
  bug(
    'a row written after its stopped batch was counted is visible',
    'src/engine/process/batch-processor.ts',
    'const inUse = await this.#definition.voidItems(runOf(job), batch.batch, missing);',
    'const inUse = new Set<number>();',
  ),
  bug(
    'the failures of all deliveries of a batch have one reference',
    'src/engine/process/evaluate.ts',
    '.slice(0, 8)',
    '.slice(0, 0)',
  ),
  bug(
    'a row counts as voided although a caller has edited it',
    'src/tasks/import/import-job.ts',
    'new Set(indexes.filter((_, position) => inUse.has(ids[position]!)))',
    'new Set<number>(inUse.size > ids.length ? indexes : [])',
  ),
  bug(
    'a late delivery overwrites an edit',
    'test/kit/memory/tasks.ts',
    'this.#items.set(`${tenant}/${id}`, item);',
    '{ this.#items.set(`${tenant}/${id}`, item); this.#edits.delete(`${tenant}/${id}`); }',
  ),

  // Fan out.
  bug(
    'the checkpoint moves before the sends are acknowledged',
    'src/engine/split/read-source.ts',
    'await this.#sender.drain();\n    return this.#ports.jobs.advance(',
    'return this.#ports.jobs.advance(',
  ),
  bug(
    'the checkpoint moves backwards',
    'test/kit/memory/jobs.ts',
    ' && job.checkpoint.nextBatch < checkpoint.nextBatch',
    '',
  ),
  bug(
    'the checkpoint does not move at the end of a segment',
    'src/engine/split/read-source.ts',
    'items && this.#isSegmentEnd ? await',
    'items && this.#isSegmentEnd && this.#at.nextBatch < 0 ? await',
  ),
  bug('a failed send is ignored', 'src/engine/split/sender.ts', 'this.#failure ??= { reason };', ''),
  bug(
    'a fan-out that runs out of time sends no continuation',
    'src/engine/split/fan-out.ts',
    'return await this.#send(toSplitContinuation(reading.job, recovery));',
    'return;',
  ),
  bug(
    'the seal does not settle the last segment',
    'src/engine/split/fan-out.ts',
    'else if (job.seal) await settleSealed(this.#ports, job);',
    '',
  ),
  bug(
    'a resumed fan-out cuts by other rules',
    'src/engine/split/read-source.ts',
    'new Cutter(job.cut)',
    'new Cutter(job.checkpoint.nextBatch === 0 ? job.cut : { ...job.cut, itemsPerBatch: 1 })',
  ),
  bug(
    'a fan-out fails a job that another has sealed',
    'src/engine/split/fan-out.ts',
    'guard: Guard = { isSealed: false }',
    'guard: Guard = {}',
  ),
  bug(
    'a job accepts another version of its object',
    'src/engine/split/receive.ts',
    'if (pinned.source.etag === object.etag) return pinned;',
    'return pinned;',
  ),

  // The end of a job.
  {
    name: 'only the worker that rolls up the last segment announces the end',
    edits: [
      {
        file: 'src/engine/settle/settle.ts',
        from: 'for (const segment of touched) job = await',
        to: 'const before = job; for (const segment of touched) job = await',
      },
      {
        file: 'src/engine/settle/settle.ts',
        from: 'else if (isFullyRecorded(job)) await',
        to: 'else if (isFullyRecorded(job) && (touched.length === 0 || !isFullyRecorded(before))) await',
      },
    ],
  },
  {
    name: 'a sealed job completes while outcomes are missing',
    edits: [
      {
        file: 'src/engine/settle/settle.ts',
        from: 'else if (isFullyRecorded(job)) await',
        to: 'else if (job.seal) await',
      },
      {
        file: 'src/engine/settle/complete.ts',
        from: '!isFullyRecorded(job) || checkTolerance(job)',
        to: 'checkTolerance(job)',
      },
    ],
  },
  bug(
    'an ended job ends again',
    'test/kit/memory/jobs.ts',
    '(job) => !isTerminal(job) && job.attempt === attempt && holds(guard, job)',
    '(job) => job.attempt === attempt && holds(guard, job)',
  ),
  bug(
    'a job is cancelled although it is about to complete',
    'src/engine/settle/cancel.ts',
    'const guard = { closed: job.closed, isSealed: job.seal !== undefined };',
    'const guard = {};',
  ),
  bug(
    'the tolerance is not checked at the end',
    'src/engine/settle/tolerance.ts',
    'const isPercentChecked = isFullyRecorded(job) || outcomes',
    'const isPercentChecked = outcomes',
  ),
  bug(
    'an end is marked as announced before it is announced',
    'src/engine/settle/settle.ts',
    "await ports.announcer.announce(eventOf(job, job.status === 'FAILED' ? 'failed' : 'cancelled'));",
    "await ports.jobs.markAnnounced(job); await ports.announcer.announce(eventOf(job, job.status === 'FAILED' ? 'failed' : 'cancelled'));",
  ),
  bug(
    'redelivered batches of an ended job are dropped',
    'src/engine/process/process.ts',
    'await this.#processRepeated(job, repeated, deadline);',
    'await this.#processRepeated(job, takesWork(job) ? repeated : [], deadline);',
  ),

  ...deadLetterBugs,
  ...backlogBugs,

  // Redrive and resumption.
  bug(
    'a late delivery of the first pass voids a row that a redrive has imported',
    'test/kit/memory/tasks.ts',
    'edit === undefined || edit.run <= by.run;',
    'edit === undefined || edit.run >= 0 || edit.run <= run;',
  ),
  bug(
    'a redrive leaves the voids of the first pass',
    'src/tasks/import/import-job.ts',
    'await tasks.releaseRows(',
    'if (run.number < 0) await tasks.releaseRows(',
  ),
  bug(
    'a delivery of a redrive releases a row that another delivery has refused',
    'test/kit/memory/tasks.ts',
    'edit === undefined || edit.run < run;',
    'edit === undefined || edit.run <= run;',
  ),
  bug(
    'a redrive begins while another is under way',
    'src/engine/redrive/redrive.ts',
    "if (run?.status === 'COMPLETED') return undefined;",
    'if (run) return undefined;',
  ),
  {
    name: 'a redrive that is planned twice has two manifests under one name',
    edits: [
      { file: 'src/engine/redrive/plan-redrive.ts', from: 'if (stored) return stored;', to: '' },
      { file: 'src/engine/reader/manifest.ts', from: '.slice(0, 32)', to: '.slice(0, 0)' },
    ],
  },
  bug(
    'a row that a redrive has imported is still a remaining failure',
    'src/engine/failures/remaining-failures.ts',
    'const latest = ofItem.at(-1)?.head;',
    'const latest = ofItem.findLast(({ head }) => head?.failure)?.head;',
  ),
  bug(
    'a redrive with too many items starts no further redrive',
    'src/engine/settle/complete.ts',
    "if (job.status === 'COMPLETED') await redriveRest(ports, job);",
    'void redriveRest;',
  ),
  bug(
    'the items of a redrive are numbered from zero',
    'src/engine/split/cutter.ts',
    'index: index ?? from.nextItem + position',
    'index: from.nextItem + position',
  ),
  {
    ...bug(
      'queued batches are dropped when their job fails',
      'src/engine/process/process.ts',
      'takesWork(job) ? await',
      "takesWork(job) && job.status !== 'FAILED' ? await",
    ),
    plans: {
      maxReceives: 1,
      redrives: 1,
      stall: { queue: 'batches', minutes: 20 },
      faults: { hurry: 40, killBefore: 20, deploy: 0, cancel: 0 },
    },
  },
  bug(
    'a job is resumed before its end is announced',
    'src/engine/redrive/reopen.ts',
    'await announceEnd(ports, job);',
    '',
  ),

  // The sweep.
  {
    ...bug(
      'the sweep sends nothing again',
      'src/engine/split/resend.ts',
      'if (await isMissing(at.nextBatch)) await',
      'if (!(await isMissing(at.nextBatch))) await',
    ),
    ...SWEPT,
  },
  {
    ...bug(
      'the sweep does not look for objects without a job',
      'src/engine/sweep/sweep.ts',
      'if (await hasJob(this.#rules, object)) return undefined;',
      'if (object) return undefined;',
    ),
    ...SWEPT,
  },
  {
    ...bug(
      'the sweep ignores sealed jobs',
      'src/engine/sweep/sweep.ts',
      'if (job.seal) return this.#finish(job, context);',
      'if (job.seal) return undefined;',
    ),
    ...SWEPT,
  },
];
