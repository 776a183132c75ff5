import { describe, expect, it } from '@jest/globals';
import { startLocalCloud, type LocalCloud } from '../../local/cloud.ts';

describe('the sweep of the local cloud', () => {
  const sweepOf = ({ stack }: LocalCloud): string => stack.schedules[0]?.functionLogicalId ?? '';

  /** Ends with the cloud, which lets what runs end first. */
  async function sweepCalls(cloud: LocalCloud): Promise<number> {
    return (await cloud.gate.counts()).filter(({ caller }) => caller === sweepOf(cloud)).length;
  }

  it('is scheduled every minute', async () => {
    await using cloud = await startLocalCloud({ schedules: false });
    expect(cloud.stack.schedules).toEqual([
      {
        logicalId: expect.stringMatching(/^SweepSchedule/),
        functionLogicalId: expect.stringMatching(/^SweepFunction/),
        intervalSeconds: 60,
      },
    ]);
    expect(await cloud.invoke(sweepOf(cloud), {})).toEqual({
      ok: {
        expired: 0,
        announced: 0,
        started: 0,
        resumed: 0,
        settled: 0,
        resent: 0,
        held: 0,
        repaired: 0,
        adopted: 0,
        failed: 0,
      },
    });
    expect(await sweepCalls(cloud)).toBeGreaterThan(0);
  });

  it('runs at the start, without a complaint', async () => {
    const lines: string[] = [];
    await using cloud = await startLocalCloud({ onLine: (line) => lines.push(line) });
    while ((await sweepCalls(cloud)) === 0) await cloud.gate.counts();
    await cloud.stop();
    expect(lines).toEqual([]);
  });

  it('does not run if it is switched off', async () => {
    await using cloud = await startLocalCloud({ schedules: false });
    await fetch(`${cloud.apiUrl}/task-files`);
    expect(await sweepCalls(cloud)).toBe(0);
  });
});
