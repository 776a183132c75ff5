import { describe, expect, it } from '@jest/globals';
import { TASK_EVENTS, taskEvent } from './events.ts';
import { batchMessage, uploadMessage } from './messages.ts';

const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';

describe('a batch message', () => {
  const message = {
    schemaVersion: 1,
    tenant: 'default',
    jobId: id,
    runId: id,
    batch: 3,
    items: [75, 76],
    bytes: 100,
    lines: [77, 79],
    rows: [['x', ''], []],
  };

  it('is read as it was written', () => {
    const faulty = { ...message, faults: [[1, 'ROW_TOO_LARGE']] };
    for (const one of [message, faulty]) expect(batchMessage.parse(one)).toEqual(one);
  });

  it.each([
    ['of a later version', { schemaVersion: 2 }],
    ['with more rows than item numbers', { items: [75] }],
    ['without rows', { rows: [], lines: [] }],
    ['with more rows than lines', { lines: [77] }],
    ['with a cell that is not text', { rows: [['x'], [1]] }],
    ['with a negative batch', { batch: -1 }],
    ['with an unknown fault', { faults: [[0, 'OTHER']] }],
    ['of a job whose id is not a UUID', { jobId: '../x' }],
    ['of a tenant that would break the form of a key', { tenant: 'a#b' }],
    ['with an unknown field', { more: 1 }],
  ])('is refused %s', (_, changes) => {
    expect(batchMessage.safeParse({ ...message, ...changes }).success).toBe(false);
  });
});

describe('a message of the Task Upload Queue', () => {
  const record = {
    eventVersion: '2.1',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: 'bucket', arn: 'arn' }, object: { key: 'a+b.csv', size: 1, eTag: 'abc', sequencer: '1' } },
  };

  const from = { byteOffset: 5_000_000_000, line: 1, nextItem: 0, nextBatch: 0 };

  it.each([
    ['an S3 event', { Records: [record] }, { Records: [{ s3: { object: { key: 'a+b.csv' } } }] }],
    [
      'an S3 event about a deletion',
      { Records: [{ ...record, eventName: 'ObjectRemoved:Delete' }] },
      { Records: [{}] },
    ],
    ['the test event of S3', { Service: 'Amazon S3', Event: 's3:TestEvent' }, { Event: 's3:TestEvent' }],
  ])('is %s', (_, message, expected) => {
    expect(uploadMessage.parse(message)).toMatchObject(expected);
  });

  const key = { tenant: 'default', jobId: id };

  it.each([
    { kind: 'split', ...key, nextBatch: 0, attempt: 0 },
    { kind: 'split', ...key, nextBatch: 7, attempt: 1, recovery: 2 },
    { kind: 'resend', ...key, from, recovery: 2 },
    { kind: 'reopen', ...key, attempt: 1 },
    { kind: 'plan', ...key, redrive: { number: 1 } },
    { kind: 'plan', ...key, redrive: { number: 1, codes: ['A'], fromItem: 9 } },
  ])('is a continuation, read as it was written: %j', (continuation) => {
    const message = { schemaVersion: 1, continue: continuation };
    expect(uploadMessage.parse(message)).toEqual(message);
  });

  it.each([
    [{}, { kind: 'split', nextBatch: 7, attempt: 1 }],
    [{ recovery: 2 }, { kind: 'split', nextBatch: 7, attempt: 1, recovery: 2 }],
    [
      { resendFrom: from, recovery: 2 },
      { kind: 'resend', from, recovery: 2 },
    ],
    [{ reopens: true }, { kind: 'reopen', attempt: 1 }],
    [{ redrive: { number: 1, codes: ['A'] } }, { kind: 'plan', redrive: { number: 1, codes: ['A'] } }],
  ])('is a continuation that a version before `kind` sent: %j', (more, expected) => {
    const message = { schemaVersion: 1, continue: { ...key, nextBatch: 7, attempt: 1, ...more } };
    expect(uploadMessage.parse(message)).toEqual({ schemaVersion: 1, continue: { ...key, ...expected } });
  });

  it.each([
    ['nothing', {}],
    ['a list', []],
    [
      'a continuation of a later version',
      { schemaVersion: 2, continue: { kind: 'split', ...key, nextBatch: 0, attempt: 0 } },
    ],
    [
      'a continuation whose job id is not a UUID',
      { schemaVersion: 1, continue: { kind: 'split', ...key, jobId: 'x', nextBatch: 0, attempt: 0 } },
    ],
    ['a continuation without its progress', { schemaVersion: 1, continue: { kind: 'split', ...key } }],
    ['a continuation of an unknown kind', { schemaVersion: 1, continue: { kind: 'merge', ...key } }],
    ['a continuation of a version before `kind` without its progress', { schemaVersion: 1, continue: key }],
    [
      'a continuation from an incomplete checkpoint',
      { schemaVersion: 1, continue: { kind: 'resend', ...key, from: { nextItem: 0 }, recovery: 1 } },
    ],
    ['an event without an object', { Records: [{ eventName: 'ObjectCreated:Put' }] }],
  ])('is refused if it is %s', (_, message) => {
    expect(uploadMessage.safeParse(message).success).toBe(false);
  });
});

describe('an event of the Task Topic', () => {
  const event = {
    schemaVersion: 1,
    event: TASK_EVENTS.completed,
    eventId: id,
    tenant: 'default',
    taskFileId: id,
    runId: id,
    createdAt: '2026-01-31T08:00:00.000Z',
    recordCount: 2,
    processedCount: 1,
    failedCount: 1,
  };

  it('is read as it was written, without the fields that a later version adds', () => {
    expect(taskEvent.parse({ ...event, more: 1 })).toEqual(event);
  });

  it.each([{ event: 'taskfile_started' }, { eventId: 'x' }, { recordCount: -1 }, { schemaVersion: 2 }])(
    'is refused with %j',
    (changes) => {
      expect(taskEvent.safeParse({ ...event, ...changes }).success).toBe(false);
    },
  );
});
