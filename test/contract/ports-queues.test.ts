import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toBatch, SnsAnnouncer, SqsBatchQueue, SqsContinuations, SqsQueueDepths } from '../../src/aws/index.ts';
import { batchMessage, TASK_EVENTS, taskEvent, uploadMessage } from '../../src/contract/index.ts';
import type { Continuation, JobEvent } from '../../src/engine/index.ts';
import { messagingContract } from '../kit/contracts/messaging.contract.ts';
import { Services } from './ports-services.ts';

let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

/** Parses a body. It may contain only characters that SQS, and every emulator of it, keep unchanged. */
function safe(body: string): unknown {
  expect(body).toMatch(/^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]*$/);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1024 * 1024);
  return JSON.parse(body);
}

/** Returns the engine's event that a subscriber of the Task Topic reads. */
function eventOfMessage(body: string): JobEvent {
  const { event, eventId, tenant, taskFileId, runId, createdAt, failure, ...counted } = taskEvent.parse(safe(body));
  const { recordCount: items, processedCount: succeeded, failedCount: failed } = counted;
  const kinds = { [TASK_EVENTS.completed]: 'completed', [TASK_EVENTS.failed]: 'failed' } as const;
  return {
    kind: event === TASK_EVENTS.cancelled ? 'cancelled' : kinds[event],
    eventId,
    tenant,
    jobId: runId,
    originId: taskFileId,
    createdAt: Date.parse(createdAt),
    ...(failure && { failure }),
    ...(items !== undefined &&
      succeeded !== undefined &&
      failed !== undefined && { counts: { items, succeeded, failed } }),
  };
}

function continuationOf(body: string): Continuation {
  const read = uploadMessage.parse(safe(body));
  if (!('continue' in read)) throw new Error('another kind of message');
  return read.continue;
}

messagingContract('SQS and SNS', async () => {
  const [batches, continuations, topic] = [
    await services.createQueue(),
    await services.createQueue(),
    await services.createTopic(),
  ];
  const events = await services.subscribe(topic);
  return {
    batches: new SqsBatchQueue(services.sqs, batches),
    continuations: new SqsContinuations(services.sqs, continuations),
    announcer: new SnsAnnouncer(services.sns, topic),
    depths: new SqsQueueDepths(services.sqs, { batches, continuations, completions: events }),
    received: async () => ({
      batches: (await services.drain(batches)).map((body) => toBatch(batchMessage.parse(safe(body)))),
      continuations: (await services.drain(continuations)).map(continuationOf),
      events: (await services.drain(events)).map(eventOfMessage),
    }),
  };
});

describe('a subscription that filters on the event', () => {
  it('receives only the events that it names', async () => {
    const topic = await services.createTopic();
    const queue = await services.subscribe(topic, TASK_EVENTS.completed);
    const announcer = new SnsAnnouncer(services.sns, topic);
    const key = { tenant: 'default', jobId: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10' };
    const event = { ...key, eventId: key.jobId, originId: key.jobId, createdAt: 0 };
    const failure = { code: 'NOT_TEXT', message: 'The file is not text.' };
    await announcer.announce({ ...event, kind: 'failed', failure });
    await announcer.announce({ ...event, kind: 'completed', counts: { items: 2, succeeded: 1, failed: 1 } });
    await announcer.announce({ ...event, kind: 'cancelled' });
    expect((await services.drain(queue)).map(safe)).toEqual([
      {
        schemaVersion: 1,
        event: 'taskfile_processing_complete',
        eventId: key.jobId,
        tenant: 'default',
        taskFileId: key.jobId,
        runId: key.jobId,
        createdAt: '1970-01-01T00:00:00.000Z',
        recordCount: 2,
        processedCount: 1,
        failedCount: 1,
      },
    ]);
  });
});
