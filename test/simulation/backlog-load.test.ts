import { describe, expect, it } from '@jest/globals';
import { LoadedService, type Load } from '../kit/backlog/service.ts';

/** Ten files within a minute: a tenth of the load whose figures docs/guarantees.md has. */
const LOAD = { files: 10, messagesPerFile: 4_000, uploadMinutes: 1, sweep: true };
const run = (load: Partial<Load>) => new LoadedService({ ...LOAD, stallMinutes: 0, ...load }).run();

describe('a sweep over a deep queue', () => {
  it.each([0, 10, 360])(
    'adds no message while workers stand still for %i minutes, and no waiting',
    async (stallMinutes) => {
      const [off, on] = [await run({ stallMinutes, sweep: false }), await run({ stallMinutes })];
      expect(off.messages).toBe(LOAD.files * LOAD.messagesPerFile);
      expect(on.messages).toBeLessThanOrEqual(1.05 * off.messages);
      expect(on.doneMinutes).toBeLessThanOrEqual(1.05 * off.doneMinutes);
      expect(on.continuations).toBeLessThanOrEqual(LOAD.files);
    },
  );

  it('would send files again and again if it took the queue for empty', async () => {
    const { messages } = await run({ stallMinutes: 60, messagesPerFile: 400, toldDepth: 0 });
    expect(messages).toBeGreaterThan(4 * LOAD.files * 400);
  });

  it('leaves the queue empty soon, though files were sent again: copies are dropped before their rows are read', async () => {
    const load = { stallMinutes: 60, messagesPerFile: 400 };
    const [honest, mistaken] = [await run(load), await run({ ...load, toldDepth: 0 })];
    expect(mistaken.doneMinutes).toBeLessThan(1.05 * honest.doneMinutes);
  });
});
