import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MESSAGES_LIVE_MILLISECONDS } from '../../src/engine/index.ts';
import { startLocalCloud, type LocalCloud } from '../../local/cloud.ts';
import { readStackTemplate, synth } from '../../local/synth.ts';
import { NOTHING } from '../kit/swept-service.ts';

interface Queue {
  readonly Type: string;
  readonly Properties: { readonly MessageRetentionPeriod?: number };
}

describe('the sweep of the local cloud', () => {
  const sweepOf = ({ stack }: LocalCloud): string => stack.schedules[0]?.functionLogicalId ?? '';

  /** Returns the number of calls of the sweep so far. */
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
    expect(await cloud.invoke(sweepOf(cloud), {})).toEqual({ ok: NOTHING });
    expect(await sweepCalls(cloud)).toBeGreaterThan(0);
  });

  it('runs at the start without an error', async () => {
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

  it('treats a message as lost after the retention period of its queue', async () => {
    const template = await readStackTemplate(await synth({ root: join(import.meta.dirname, '..', '..') }));
    const { Resources } = template as { readonly Resources: Readonly<Record<string, Queue>> };
    const kept = Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::SQS::Queue' && /^(?:CreateTask|TaskUpload)Queue/.test(id)
        ? [Properties.MessageRetentionPeriod]
        : [],
    );
    expect(kept).toEqual([MESSAGES_LIVE_MILLISECONDS / 1_000, MESSAGES_LIVE_MILLISECONDS / 1_000]);
  });
});
