import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchVerdict } from '../../local/event-sources/batch-verdict.ts';
import { cutBatches } from '../../local/event-sources/cut-batches.ts';
import { toSqsEvent, toSqsRecord, type SqsRecord } from '../../local/event-sources/sqs-event.ts';

const ids = ['a', 'b', 'c'];
const error = { type: 'Error', message: 'no', trace: [], requestId: 'r' };
const failures = (...itemIdentifiers: unknown[]) => ({
  batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('the messages of a batch that are deleted if', () => {
  it.each([
    ['it threw', { error }, []],
    ['it returned nothing', { ok: null }, ids],
    ['it returned undefined', { ok: undefined }, ids],
    ['it returned an empty text', { ok: '' }, ids],
    ['it returned an empty object', { ok: {} }, ids],
    ['its list is null', { ok: { batchItemFailures: null } }, ids],
    ['its list is empty', { ok: failures() }, ids],
    ['it named one', { ok: failures('b') }, ['a', 'c']],
    ['it named one twice', { ok: failures('b', 'b') }, ['a', 'c']],
    ['it named all', { ok: failures('a', 'b', 'c') }, []],
    ['it named an unknown one', { ok: failures('b', 'z') }, []],
    ['it named an empty one', { ok: failures('') }, []],
    ['it named null', { ok: failures(null) }, []],
    ['it used a wrong key', { ok: { batchItemFailures: [{ messageId: 'a' }] } }, []],
    ['its list holds bare ids', { ok: { batchItemFailures: ['a'] } }, []],
    ['its list is not a list', { ok: { batchItemFailures: 'a' } }, []],
    ['it returned a list', { ok: [] }, []],
    ['it returned a text', { ok: 'done' }, []],
  ])('%s', (_, result, deleted) => {
    expect(ids.filter((_id, index) => batchVerdict(result, ids, true)[index])).toEqual(deleted);
  });

  it('batch item failures are not reported: all after a return, none after an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (ok) => {
        expect(batchVerdict({ ok }, ids, false)).toEqual([true, true, true]);
      }),
    );
    expect(batchVerdict({ error }, ids, false)).toEqual([false, false, false]);
  });

  it('some are named: all but those, for any batch', () => {
    const batch = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 10 });
    const withNamed = batch.chain((all) => fc.record({ all: fc.constant(all), named: fc.subarray(all) }));
    fc.assert(
      fc.property(withNamed, ({ all, named }) => {
        expect(batchVerdict({ ok: failures(...named) }, all, true)).toEqual(all.map((id) => !named.includes(id)));
      }),
    );
  });

  it('the response is arbitrary: all copies of a message or none, and none after an unknown id', () => {
    const anyList = fc.array(fc.record({ itemIdentifier: fc.oneof(fc.constantFrom(...ids), fc.jsonValue()) }));
    fc.assert(
      fc.property(anyList, (batchItemFailures) => {
        const verdict = batchVerdict({ ok: { batchItemFailures } }, [...ids, 'a'], true);
        const known = batchItemFailures.every(({ itemIdentifier }) => ids.includes(itemIdentifier as string));
        expect(verdict[0]).toBe(verdict[3]);
        if (!known) expect(verdict).toEqual([false, false, false, false]);
      }),
    );
  });
});

describe('the event of a function', () => {
  const message = {
    MessageId: 'm1',
    ReceiptHandle: 'r1',
    Body: '{}',
    MD5OfBody: '99914b932bd37a50b983c5e7c90ae93b',
    Attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1' },
    MessageAttributes: {
      event: { DataType: 'String', StringValue: 'done' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
    },
  };
  const record = toSqsRecord(message, 'arn:aws:sqs:eu-west-1:000000000000:Queue');

  it("has Lambda's shape and spelling", () => {
    expect(record).toEqual({
      messageId: 'm1',
      receiptHandle: 'r1',
      body: '{}',
      attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1' },
      messageAttributes: {
        event: { stringValue: 'done', stringListValues: [], binaryListValues: [], dataType: 'String' },
        raw: { binaryValue: 'AQID', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfBody: '99914b932bd37a50b983c5e7c90ae93b',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:Queue',
      awsRegion: 'eu-west-1',
    });
  });

  it('increases the receive count with each deliberate delivery', () => {
    const counts = [1, 2, 3].map(
      (copy) => toSqsEvent([record], copy, 3).Records[0]?.attributes['ApproximateReceiveCount'],
    );
    expect(counts).toEqual(['4', '5', '6']);
  });

  it('is cut at the batch size and at the 6 MB of an invocation, and loses nothing', () => {
    const sized = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { maxLength: 10 });
    fc.assert(
      fc.property(sized, fc.integer({ min: 1, max: 10 }), (sizes, batchSize) => {
        const records = sizes.map((size, n): SqsRecord => ({
          ...record,
          messageId: String(n),
          body: 'x'.repeat(size),
        }));
        const batches = cutBatches(records, batchSize);
        expect(batches.flat()).toEqual(records);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(batchSize);
          expect(Buffer.byteLength(JSON.stringify(toSqsEvent(batch)))).toBeLessThanOrEqual(6 * 1024 * 1024);
        }
      }),
      { numRuns: 20 },
    );
  });
});
