import { beforeAll, expect } from '@jest/globals';
import { until } from '../../e2e/support/until.ts';
import type { Fact } from './fact.ts';
import { Journal, type Entry } from './journal.ts';
import { MAX_CONCURRENCY, PROBE_TIMEOUT_SECONDS, PROBED_QUEUES, type ProbedQueue } from './names.ts';
import type { Order } from './probe.ts';
import { TestQueue } from './queue.ts';
import type { Stage } from './stage.ts';

type Told = Pick<Order, 'act' | 'answer' | 'hops'>;

/** More often than Lambda lets messages go round, unless it is told that this is meant. */
const HOPS = 20;

const NOTHING_FAILED = [undefined, null, {}, { batchItemFailures: null }, { batchItemFailures: [] }];

/** What is sent where, and how many deliveries come of it. All are sent at once: waiting for one is waiting for all. */
const SCENARIOS = {
  throws: { queue: 'Throwing', orders: repeat(8, { act: 'throw' }), deliveries: 16 },
  namesSome: { queue: 'NamingSome', orders: repeat(8, { act: 'name-marked' }), deliveries: 10 },
  namesUnknown: { queue: 'NamingUnknown', orders: repeat(8, { act: 'name-unknown' }), deliveries: 16 },
  relays: { queue: 'Relaying', orders: repeat(1, { act: 'relay', hops: HOPS }), deliveries: 1 + HOPS },
  hangs: { queue: 'OneByOne', orders: repeat(1, { act: 'hang' }), deliveries: 2 },
  works: { queue: 'OneByOne', orders: repeat(6, { act: 'work' }), deliveries: 6 },
  overreaches: { queue: 'OneByOne', orders: repeat(1, { act: 'overreach' }), deliveries: 1 },
  answers: { queue: 'OneByOne', orders: NOTHING_FAILED.map((answer) => ({ act: 'answer', answer })), deliveries: 5 },
} as const satisfies Record<string, ScenarioPlan>;
type Scenario = keyof typeof SCENARIOS;

interface ScenarioPlan {
  readonly queue: ProbedQueue;
  readonly orders: readonly Told[];
  readonly deliveries: number;
}

function repeat(count: number, told: Told): readonly Told[] {
  return Array.from({ length: count }, () => told);
}

export function lambdaFacts(fact: Fact, stage: Stage): void {
  const journal = new Journal(stage.dynamodb, stage.called('Table'));

  /**
   * What the probe was handed of a scenario, once everything came that has to, and its queue is empty: no more will
   * come.
   */
  async function handedOver(scenario: Scenario): Promise<Handed> {
    const { queue, deliveries } = SCENARIOS[scenario];
    const read = async () => new Handed(await journal.read(scenario));
    await until(`${deliveries} deliveries`, read, ({ entries }) => entries.length >= deliveries, stage.patienceMs);
    await new TestQueue(stage, queue).empty();
    return await read();
  }

  beforeAll(async () => {
    for (const [scenario, { queue, orders }] of Object.entries(SCENARIOS)) {
      const bodies = orders.map((order, index): Order => ({
        ...order,
        scenario,
        name: `${index}`,
        isMarked: index % 4 === 1,
      }));
      await new TestQueue(stage, queue).send(...bodies.map((body) => JSON.stringify(body)));
    }
  });

  fact('a function that throws fails its whole batch: every message of it comes again', async () => {
    const handed = await handedOver('throws');
    expect(handed.largestBatch).toBeGreaterThan(1);
    expect(handed.again).toEqual(handed.names);
  });

  fact('of a batch whose function names some messages as failed, exactly those come again', async () => {
    const handed = await handedOver('namesSome');
    expect(handed.largestBatch).toBeGreaterThan(1);
    expect(handed.again).toEqual(['1', '5']);
  });

  fact('a batch whose function names a message that is not in it comes again as a whole', async () => {
    const handed = await handedOver('namesUnknown');
    expect(handed.largestBatch).toBeGreaterThan(1);
    expect(handed.again).toEqual(handed.names);
  });

  fact('a batch is done if its function returns nothing, null, {} or no failures', async () => {
    const handed = await handedOver('answers');
    expect(handed.again).toEqual([]);
  });

  fact('a message whose function runs out of time comes again', async () => {
    const handed = await handedOver('hangs');
    expect(handed.again).toEqual(['0']);
  });

  fact('what comes again says how often it was received', async () => {
    const { entries } = await handedOver('hangs');
    expect(entries.map(({ receiveCount }) => receiveCount).toSorted()).toEqual(['1', '2']);
  });

  fact('a function can read how much of its time is left', async () => {
    const { entries } = await handedOver('works');
    for (const { remainingMs } of entries) {
      expect(remainingMs).toBeGreaterThan(0);
      expect(remainingMs).toBeLessThanOrEqual(PROBE_TIMEOUT_SECONDS * 1_000);
    }
  });

  fact('a function may send on to its own queue, over and over, if its configuration allows it', async () => {
    const handed = await handedOver('relays');
    expect(handed.names).toHaveLength(1 + HOPS);
  });

  fact("a call that the function's role does not allow is refused", async () => {
    const { entries } = await handedOver('overreaches');
    expect(entries).toMatchObject([{ refusal: 'AccessDeniedException' }]);
  });

  fact('no batch has more messages than the mapping allows', async () => {
    for (const scenario of ['throws', 'namesSome', 'namesUnknown', 'works'] as const) {
      const { largestBatch } = await handedOver(scenario);
      expect(largestBatch).toBeLessThanOrEqual(PROBED_QUEUES[SCENARIOS[scenario].queue]);
    }
  });

  fact('no more invocations run at once than the mapping allows', async () => {
    const { entries } = await handedOver('works');
    const running = entries.map(({ startedAt }) =>
      entries.filter((one) => one.startedAt <= startedAt && startedAt < one.endedAt),
    );
    expect(Math.max(...running.map(({ length }) => length))).toBeLessThanOrEqual(MAX_CONCURRENCY);
  });
}

/** What the journal tells of one scenario. */
class Handed {
  readonly entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }

  /** Of all messages. */
  get names(): readonly string[] {
    return [...new Set(this.entries.map(({ name }) => name))].toSorted();
  }

  /** Of the messages that came more than once. */
  get again(): readonly string[] {
    return this.names.filter((name) => this.entries.filter((entry) => entry.name === name).length > 1);
  }

  get largestBatch(): number {
    const batches = Map.groupBy(this.entries, ({ invocation }) => invocation);
    return Math.max(...[...batches.values()].map(({ length }) => length));
  }
}
