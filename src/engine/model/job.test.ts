import { describe, expect, it } from '@jest/globals';
import { aCut, aJob, aRunningJob } from '../../../test/kit/factories.ts';
import {
  batchesOfSegment,
  isFullyRecorded,
  isTerminal,
  newJob,
  pinnedSource,
  segmentCount,
  segmentKey,
  segmentOf,
  segmentsBegun,
  START,
} from './job.ts';

const CUT = aCut({ batchesPerSegment: 10 });
const checkpointAt = (nextBatch: number) => ({ ...START, nextBatch });

describe('a job', () => {
  it('begins NEW, with nothing read or counted', () => {
    const { tenant, jobId, name, cut, source, createdAt } = aJob();
    expect(newJob({ tenant, jobId, name, cut, source, createdAt, requestDigest: 'd' })).toEqual({
      tenant,
      jobId,
      name,
      cut,
      source,
      createdAt,
      requestDigest: 'd',
      status: 'NEW',
      checkpoint: START,
      closed: [],
      succeeded: 0,
      failed: 0,
      doneBytes: 0,
      attempt: 0,
      format: { type: 'csv', encoding: 'utf-8', delimiter: ',' },
    });
  });

  it('is terminal in three statuses', () => {
    const statuses = ['NEW', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
    expect(statuses.filter((status) => isTerminal(aJob({ status })))).toEqual(['COMPLETED', 'FAILED', 'CANCELLED']);
  });

  it('cannot be read before its source is pinned', () => {
    const source = { key: 'k', etag: 'e', bytes: 0 };
    expect(pinnedSource(aJob({ source }))).toEqual(source);
    for (const waiting of [{ key: 'k' }, { key: 'k', etag: 'e' }, { key: 'k', bytes: 1 }]) {
      expect(() => pinnedSource(aJob({ source: waiting }))).toThrow(
        expect.objectContaining({ name: 'UnpinnedSourceError', message: expect.stringContaining(aJob().jobId) }),
      );
    }
  });
});

describe('segments', () => {
  it('have a fixed number of consecutive batches', () => {
    expect([0, 9, 10, 19, 20].map((batch) => segmentOf(CUT, batch))).toEqual([0, 0, 1, 1, 2]);
  });

  it('are as many as the batches fill', () => {
    expect([0, 1, 10, 11].map((batchCount) => segmentCount(CUT, { itemCount: 0, batchCount }))).toEqual([0, 1, 1, 2]);
  });

  it('are begun up to the checkpoint, and all of them once the job is sealed', () => {
    expect([0, 9, 10].map((at) => segmentsBegun(aJob({ cut: CUT, checkpoint: checkpointAt(at) })))).toEqual([1, 1, 2]);
    const seal = { itemCount: 60, batchCount: 30 };
    expect(segmentsBegun(aJob({ cut: CUT, checkpoint: checkpointAt(10), seal }))).toBe(3);
  });

  it('are full with all their batches; the last one of a sealed job may have fewer', () => {
    expect(batchesOfSegment(aJob({ cut: CUT }), 1)).toBe(10);
    const sealed = aJob({ cut: CUT, seal: { itemCount: 25, batchCount: 13 } });
    expect([batchesOfSegment(sealed, 0), batchesOfSegment(sealed, 1)]).toEqual([10, 3]);
  });

  it('are identified by tenant, run and number', () => {
    const job = aJob();
    expect(segmentKey(job, 3)).toEqual({ tenant: 'default', runId: job.jobId, segment: 3 });
  });
});

describe('a job is fully recorded', () => {
  const seal = { itemCount: 30, batchCount: 15 };

  it('if it is sealed and every segment is closed', () => {
    expect(isFullyRecorded(aRunningJob({ cut: CUT, seal, closed: [[0, 1]] }))).toBe(true);
    expect(isFullyRecorded(aRunningJob({ cut: CUT, seal: { itemCount: 0, batchCount: 0 } }))).toBe(true);
  });

  it('not before that', () => {
    expect(isFullyRecorded(aRunningJob({ cut: CUT, closed: [[0, 1]] }))).toBe(false);
    expect(isFullyRecorded(aRunningJob({ cut: CUT, seal, closed: [[1, 1]] }))).toBe(false);
    expect(isFullyRecorded(aRunningJob({ cut: CUT, seal, closed: [] }))).toBe(false);
  });
});
