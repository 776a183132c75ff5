import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeployedSchedule } from '../../local/model.ts';
import type { InvocationResult } from '../../local/runtime/invocation.ts';
import { Schedules } from '../../local/schedules/schedules.ts';

const STACK = { region: 'us-east-1', accountId: '000000000000' };
const EVERY_MINUTE: DeployedSchedule = { logicalId: 'Clock', functionLogicalId: 'Sweep', intervalSeconds: 60 };
const MINUTE_MS = 60_000;

describe('a schedule', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Runs schedules whose invocations last until the test ends them. */
  function run(...schedules: readonly DeployedSchedule[]) {
    const calls: { readonly fn: string; readonly event: unknown; readonly end: (result: InvocationResult) => void }[] =
      [];
    const errors: string[] = [];
    const invoke = (fn: string, event: unknown): Promise<InvocationResult> => {
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      calls.push({ fn, event, end: resolve });
      return promise;
    };
    const running = new Schedules(schedules, STACK, invoke, { onError: (message) => errors.push(message) });
    const end = async (result: InvocationResult = { ok: null }): Promise<void> => {
      calls.at(-1)?.end(result);
      await jest.advanceTimersByTimeAsync(0);
    };
    return { running, calls, errors, end };
  }

  it('calls its function at the start, and then at its interval', async () => {
    const { calls, end } = run(EVERY_MINUTE);
    expect(calls.map(({ fn }) => fn)).toEqual(['Sweep']);
    await end();
    await jest.advanceTimersByTimeAsync(MINUTE_MS - 1);
    expect(calls).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(calls).toHaveLength(2);
    await end();
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(calls).toHaveLength(3);
  });

  it('sends the event of a schedule on AWS', () => {
    const { calls } = run(EVERY_MINUTE);
    expect(calls[0]?.event).toMatchObject({
      source: 'aws.scheduler',
      'detail-type': 'Scheduled Event',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/Clock'],
    });
  });

  it('skips a call that is due while its function is running', async () => {
    const { calls, end } = run(EVERY_MINUTE);
    await jest.advanceTimersByTimeAsync(2.5 * MINUTE_MS);
    expect(calls).toHaveLength(1);
    await end();
    await jest.advanceTimersByTimeAsync(0.5 * MINUTE_MS);
    expect(calls).toHaveLength(2);
  });

  it('reports a failure and continues', async () => {
    const { calls, errors, end } = run(EVERY_MINUTE);
    await end({ error: { type: 'Error', message: 'no table', trace: [], requestId: '' } });
    expect(errors).toEqual(['Clock: Sweep failed: Error: no table']);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(calls).toHaveLength(2);
  });

  it('does not wait for another schedule', async () => {
    const { calls } = run(EVERY_MINUTE, { logicalId: 'Other', functionLogicalId: 'Tidy', intervalSeconds: 3_600 });
    expect(calls.map(({ fn }) => fn)).toEqual(['Sweep', 'Tidy']);
  });

  it('makes no more calls when it stops, and lets the running call end', async () => {
    const { running, calls, end } = run(EVERY_MINUTE);
    let hasStopped = false;
    const stopping = running.drain().then(() => (hasStopped = true));
    await jest.advanceTimersByTimeAsync(3 * MINUTE_MS);
    expect(hasStopped).toBe(false);
    await end();
    await stopping;
    expect(calls).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
