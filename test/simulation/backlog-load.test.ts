import { describe, expect, it } from '@jest/globals';
import { KINDS, LoadedService, type Kind, type Load, type Sent } from '../kit/backlog/service.ts';

/** Files within a minute: about a hundredth of the load whose figures are in docs/guarantees.md. */
const LOAD = { files: 6, messagesPerFile: 500, smallFiles: 20, messagesPerSmallFile: 4, uploadMinutes: 1 };
/** An event for each object, the batches, an event for each completion. */
const NEEDED: Sent = { uploads: 26, batches: 3_080, completions: 26 };

const run = ({ stalled = [], ...load }: Partial<Load> = {}) =>
  new LoadedService({ ...LOAD, sweep: true, stallMinutes: 0, stalled, ...load }).run();
const all = ({ uploads, batches, completions }: Sent): number => uploads + batches + completions;

describe('a sweep over deep queues', () => {
  it.each<[readonly Kind[], number]>([
    [[], 0],
    [['splitters'], 360],
    [['workers'], 360],
    [['completers'], 360],
    [KINDS, 10],
  ])(
    'adds at most 5 % of messages and of time while %j take no messages for %i minutes',
    async (stalled, stallMinutes) => {
      const [off, on] = [await run({ stalled, stallMinutes, sweep: false }), await run({ stalled, stallMinutes })];
      expect(off.sent).toEqual(NEEDED);
      expect(on.sent.batches).toBe(NEEDED.batches);
      expect(all(on.sent)).toBeLessThanOrEqual(1.05 * all(off.sent));
      expect(on.doneMinutes).toBeLessThanOrEqual(1.05 * off.doneMinutes);
    },
  );

  it('sends a message that waits in a shallow queue again once an hour at most', async () => {
    const { sent } = await run({ files: 0, stalled: ['splitters'], stallMinutes: 360 });
    expect(sent.uploads).toBeGreaterThan(2 * LOAD.smallFiles);
    expect(sent.uploads).toBeLessThanOrEqual((1 + 360 / 60) * LOAD.smallFiles);
  });

  it.each([
    ['splitters', 'uploads'],
    ['workers', 'batches'],
    ['completers', 'completions'],
  ] as const)('sends the messages for %s again and again if it takes their queue for empty', async (kind, queue) => {
    const { sent } = await run({ stalled: [kind], stallMinutes: 60, messagesPerFile: 100, reportedDepth: 0 });
    const needed = { ...NEEDED, batches: 680 };
    expect(sent[queue]).toBeGreaterThan(4 * needed[queue]);
  });

  it('delays the end by less than 5 % even when it sent files again, because workers drop copies before they read rows', async () => {
    const load = { stalled: ['workers'], stallMinutes: 60, messagesPerFile: 100 } as const;
    const [honest, mistaken] = [await run(load), await run({ ...load, reportedDepth: 0 })];
    expect(mistaken.doneMinutes).toBeLessThan(1.05 * honest.doneMinutes);
  });
});
