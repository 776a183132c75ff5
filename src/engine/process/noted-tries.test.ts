import { beforeEach, expect, it } from '@jest/globals';
import { PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryTries } from '../../../test/kit/memory/index.ts';
import { TAKE_BACK_RESERVE_MILLISECONDS, TAKE_BACK_ROUNDS, NotedTries } from './noted-tries.ts';

const KEY = { tenant: 'default', runId: 'run', segment: 0 };
const ADA = { key: KEY, batch: 0, tried: 0 };
const BOB = { key: KEY, batch: 0, tried: 1 };

/** Rejects the next `failures` calls that take a try back. */
class Failing extends MemoryTries {
  failures = 0;
  calls = 0;
  override async end(...args: Parameters<MemoryTries['end']>): Promise<void> {
    this.calls += 1;
    if (this.failures-- > 0) throw new Error('the notes are out');
    await super.end(...args);
  }
}

let tries: Failing;
let noted: NotedTries;
let effects: number;
beforeEach(() => {
  tries = new Failing();
  noted = new NotedTries({ tries, clock: { now: () => 1_000 } });
  effects = 0;
});
const effect = async (): Promise<void> => void (effects += 1);
const notes = async (): Promise<readonly unknown[]> => [...(await tries.readOpen(KEY, 0)).keys()];

it('calls again at once while a try cannot be taken back', async () => {
  tries.failures = TAKE_BACK_ROUNDS - 1;
  await noted.tryAlone(ADA, PLENTY, effect);
  expect([effects, tries.calls, await notes()]).toEqual([1, TAKE_BACK_ROUNDS, []]);
});

it('rejects after enough calls, or when the time is up', async () => {
  tries.failures = Infinity;
  await expect(noted.tryAlone(ADA, PLENTY, effect)).rejects.toThrow('out');
  expect(tries.calls).toBe(TAKE_BACK_ROUNDS);
  const times = [60_000, TAKE_BACK_RESERVE_MILLISECONDS - 1];
  const other = new NotedTries({ tries, clock: { now: () => 1_000 } });
  await expect(other.tryAlone(BOB, { remainingMilliseconds: () => times.shift()! }, effect)).rejects.toThrow('out');
  expect(tries.calls).toBe(TAKE_BACK_ROUNDS + 1);
});

it('begins no other try, and reads no deaths, before it has taken back an earlier try', async () => {
  tries.failures = 3 * TAKE_BACK_ROUNDS;
  await expect(noted.tryAlone(ADA, PLENTY, effect)).rejects.toThrow('out');
  await expect(noted.tryAlone(BOB, PLENTY, effect)).rejects.toThrow('out');
  await expect(noted.deadly(KEY, 0, PLENTY)).rejects.toThrow('out');
  expect([effects, await notes()]).toEqual([1, [0]]);
  expect(await noted.deadly(KEY, 0, PLENTY)).toEqual(new Set());
  expect(await notes()).toEqual([]);
  await noted.tryAlone(BOB, PLENTY, effect);
  expect(effects).toBe(2);
});

/** A store whose requests fail by chance. Like the adapter, it makes up to eight requests to take a try back. */
class Flaky extends MemoryTries {
  readonly #probability: number;
  #seed = 7;

  constructor(probability: number) {
    super();
    this.#probability = probability;
  }

  #call(attempts: number): void {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      if (this.#seed / 2_147_483_648 >= this.#probability) return;
    }
    throw new Error('500');
  }

  override async begin(...args: Parameters<MemoryTries['begin']>): Promise<void> {
    this.#call(1);
    await super.begin(...args);
  }

  override async end(...args: Parameters<MemoryTries['end']>): Promise<void> {
    this.#call(8);
    await super.end(...args);
  }
}

it.each([0.3, 0.5, 0.7, 0.9])(
  'counts no item as deadly while effects fail always and notes by chance (%d), also with a new worker each time',
  async (probability) => {
    const flaky = new Flaky(probability);
    let now = 0;
    let deadly = 0;
    for (let receive = 0; receive < 200; receive += 1) {
      const worker = new NotedTries({ tries: flaky, clock: { now: () => now } });
      const out = (): Promise<void> => Promise.reject(new Error('the store is out'));
      for (let tried = 0; tried < 25; tried += 1) {
        await worker.tryAlone({ key: KEY, batch: 0, tried }, PLENTY, out).catch(() => undefined);
      }
      now += 15 * 60_000;
      deadly += (await new NotedTries({ tries: flaky, clock: { now: () => now } }).deadly(KEY, 0, PLENTY)).size;
    }
    expect(deadly).toBe(0);
  },
);
