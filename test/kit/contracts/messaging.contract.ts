import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type {
  Announcer,
  Batch,
  BatchQueue,
  Continuation,
  Continuations,
  Item,
  JobEvent,
  QueueDepths,
} from '../../../src/engine/index.ts';

/** Queues and a topic, and the means to take out what arrived. */
export interface OpenMessaging {
  readonly batches: BatchQueue;
  readonly continuations: Continuations;
  readonly announcer: Announcer;
  readonly depths: QueueDepths;
  /** Resolves to what arrived since the last call, in any order. It waits for `count` messages. */
  received(count: number): Promise<Received>;
}

export interface Received {
  readonly batches: readonly Batch[];
  readonly continuations: readonly Continuation[];
  readonly events: readonly JobEvent[];
}

const KIB = 1024;

/** Characters that a queue, or an emulator of one, is known to refuse or to change. */
const AWKWARD = '\u0000\u0001\t\n\r\u001f\u007f\u0085\u009f\u2028\u2029\ufdd0\ufffd\ufffe\uffff😀👩‍👩‍👧"\\<&>';

const aBatch = (batch: number, rows: readonly (readonly string[])[]): Batch => {
  const jobId = randomUUID();
  const items = rows.map((cells, position): Item => ({
    index: batch * 25 + position * 2,
    line: 2 + position * 3,
    cells,
  }));
  return { tenant: 'default', jobId, runId: jobId, batch, bytes: 5_000_000_000, items };
};

/** A continuation of a job of its own. */
const splitFrom = (nextBatch: number): Continuation => ({
  kind: 'split',
  tenant: 'default',
  jobId: randomUUID(),
  nextBatch,
  attempt: 0,
});

const anEvent = (changes: Partial<JobEvent> = {}): JobEvent => {
  const jobId = randomUUID();
  return {
    kind: 'completed',
    tenant: 'default',
    jobId,
    eventId: randomUUID(),
    originId: randomUUID(),
    createdAt: Date.UTC(2026, 0, 31, 8),
    counts: { items: 10, succeeded: 7, failed: 3 },
    ...changes,
  };
};

/** Any text that a source can hold: bytes read as UTF-8 have no lone surrogates. */
const anyCell = fc.string({ unit: 'binary', maxLength: 40 });
const anyRows = fc.array(fc.array(anyCell, { maxLength: 6 }), { minLength: 1, maxLength: 30 });

/** The properties of queues and topic that the engine relies on: a message arrives as it was sent. */
export const messagingContract = (name: string, open: () => Promise<OpenMessaging>): void =>
  describe(`${name} keeps the contract of BatchQueue, Continuations and Announcer`, () => {
    let messaging: OpenMessaging;
    beforeAll(async () => {
      messaging = await open();
    });

    /** Sends batches. Resolves to the batches that arrived, in the order of sending. */
    async function through(batches: readonly Batch[]): Promise<readonly Batch[]> {
      await messaging.batches.send(batches);
      const { batches: received } = await messaging.received(batches.length);
      return received.toSorted((a, b) => a.batch - b.batch);
    }

    it.each([
      ['one row of one cell', [['x']]],
      ['rows of no cells and of empty ones', [[], [''], ['', '', '']]],
      ['every awkward character', [[AWKWARD], Array.from(AWKWARD)]],
      ['names that objects have', [['__proto__', 'constructor', 'toString']]],
      ['a thousand rows', Array.from({ length: 1_000 }, (_, row) => [`Row ${row}`, 'yes'])],
      ['a cell of 64 KiB', [['x'.repeat(64 * KIB)]]],
      ['a cell of 64 KiB, all of it escaped', [['\u0001'.repeat(64 * KIB)]]],
      ['a cell of 64 KiB of emoji', [['😀'.repeat(16 * KIB)]]],
    ])('delivers %s', async (_, rows) => {
      const batches = [aBatch(0, rows)];
      expect(await through(batches)).toEqual(batches);
    });

    it('delivers the fault of a row', async () => {
      const [first, second] = aBatch(0, [['x'], ['"a"b']]).items;
      const batch: Batch = { ...aBatch(0, [['x']]), items: [first!, { ...second!, fault: 'INVALID_QUOTES' }] };
      expect(await through([batch])).toEqual([batch]);
    });

    it('delivers any text', async () => {
      await fc.assert(
        fc.asyncProperty(anyRows, async (rows) => {
          const batches = [aBatch(0, rows)];
          expect(await through(batches)).toEqual(batches);
        }),
        { numRuns: 40 },
      );
    });

    it('delivers each batch of a send once, even if the send needs several calls', async () => {
      const batches = Array.from({ length: 37 }, (_, batch) => aBatch(batch, [[`Row ${batch}`]]));
      expect(await through(batches)).toEqual(batches);
    });

    it('delivers batches that are larger than 1 MiB together', async () => {
      const batches = Array.from({ length: 12 }, (_, batch) =>
        aBatch(batch, [['\u0001'.repeat((batch % 3) * 20 * KIB)]]),
      );
      expect(await through(batches)).toEqual(batches);
    });

    it('sends nothing if there are no batches', async () => {
      await messaging.batches.send([]);
      expect(await messaging.received(0)).toEqual({ batches: [], continuations: [], events: [] });
    });

    it('reports how many messages are in each queue', async () => {
      const { depths: ask } = messaging;
      const depths = () => Promise.all([ask.batches(), ask.continuations(), ask.completions()]);
      expect(await depths()).toEqual([0, 0, 0]);
      await messaging.batches.send([0, 1, 2].map((batch) => aBatch(batch, [['x']])));
      await messaging.continuations.send(splitFrom(1));
      for (let times = 0; times < 2; times++) await messaging.announcer.announce(anEvent());
      expect(await depths()).toEqual([3, 1, 2]);
      await messaging.received(6);
      expect(await depths()).toEqual([0, 0, 0]);
    });

    it('delivers the number of the recovery that sent a batch or a continuation', async () => {
      const batches = [{ ...aBatch(0, [['x']]), recovery: 3 }];
      expect(await through(batches)).toEqual(batches);
      const continuation = { ...splitFrom(7), recovery: 3 };
      await messaging.continuations.send(continuation);
      expect((await messaging.received(1)).continuations).toEqual([continuation]);
    });

    const key = { tenant: 'a-Tenant_1', jobId: randomUUID() };
    const from = { byteOffset: 5_000_000_000, line: 40_000_000, nextItem: 39_999_998, nextBatch: 1_600_000 };
    it.each<Continuation>([
      { kind: 'split', ...key, nextBatch: 7, attempt: 2 },
      { kind: 'resend', ...key, from, recovery: 3 },
      { kind: 'reopen', ...key, attempt: 2 },
      { kind: 'plan', ...key, redrive: { number: 12, codes: ['A'], fromItem: 7 } },
    ])('brings a continuation as it was sent: $kind', async (continuation) => {
      await messaging.continuations.send(continuation);
      expect((await messaging.received(1)).continuations).toEqual([continuation]);
    });

    const { counts: _, ...ended } = anEvent();
    const failed = (message: string): JobEvent => ({
      ...ended,
      kind: 'failed',
      failure: { code: 'NOT_TEXT', message },
    });
    it.each([
      ['completed', anEvent()],
      ['completed with nothing in it', anEvent({ counts: { items: 0, succeeded: 0, failed: 0 } })],
      ['cancelled', { ...ended, kind: 'cancelled' } satisfies JobEvent],
      ['failed', failed('The file is not text.')],
      ['failed for a header with any character in it', failed(`The header has the column "${AWKWARD}" twice.`)],
    ])('delivers the event of a job that is %s, with every copy the same', async (_, event) => {
      await messaging.announcer.announce(event);
      await messaging.announcer.announce(event);
      expect((await messaging.received(2)).events).toEqual([event, event]);
    });
  });
