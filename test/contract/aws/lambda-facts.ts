import { beforeAll, expect } from '@jest/globals';
import { until } from '../../e2e/support/until.ts';
import type { Fact } from './fact.ts';
import { Journal, type Entry } from './journal.ts';
import { MAX_CONCURRENCY, PROBE_TIMEOUT_SECONDS, PROBED_QUEUES, type ProbedQueue } from './names.ts';
import type { Order } from './probe.ts';
import { TestQueue } from './queue.ts';
import type { Stage } from './stage.ts';

type Instruction = Pick<Order, 'act' | 'result' | 'hops'>;

/** More hops than Lambda allows unless the function permits recursion. */
const HOPS = 20;

const NOTHING_FAILED = [undefined, null, {}, { batchItemFailures: null }, { batchItemFailures: [] }];

/**
 * The messages of each queue, and the number of their deliveries. All are sent at once, so that the tests wait for all
 * together.
 */
const SCENARIOS = {
  throws: { queue: 'Throwing', orders: repeat(8, { act: 'throw' }), deliveries: 16 },
  namesSome: { queue: 'NamingSome', orders: repeat(8, { act: 'name-marked' }), deliveries: 10 },
  namesUnknown: { queue: 'NamingUnknown', orders: repeat(8, { act: 'name-unknown' }), deliveries: 16 },
  relays: { queue: 'Relaying', orders: repeat(1, { act: 'relay', hops: HOPS }), deliveries: 1 + HOPS },
  hangs: { queue: 'OneByOne', orders: repeat(1, { act: 'hang' }), deliveries: 2 },
  works: { queue: 'OneByOne', orders: repeat(6, { act: 'work' }), deliveries: 6 },
  overreaches: { queue: 'OneByOne', orders: repeat(1, { act: 'overreach' }), deliveries: 1 },
  returns: { queue: 'OneByOne', orders: NOTHING_FAILED.map((result) => ({ act: 'return', result })), deliveries: 5 },
} as const satisfies Record<string, ScenarioPlan>;
type Scenario = keyof typeof SCENARIOS;

interface ScenarioPlan {
  readonly queue: ProbedQueue;
  readonly orders: readonly Instruction[];
  readonly deliveries: number;
}

function repeat(count: number, instruction: Instruction): readonly Instruction[] {
  return Array.from({ length: count }, () => instruction);
}

export function lambdaFacts(fact: Fact, stage: Stage): void {
  const journal = new Journal(stage.dynamodb, stage.called('Table'));

  /** Returns the deliveries of a scenario once all have come and its queue is empty, so that no more can come. */
  async function deliveriesOf(scenario: Scenario): Promise<Deliveries> {
    const { queue, deliveries } = SCENARIOS[scenario];
    const read = async () => new Deliveries(await journal.read(scenario));
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
    const delivered = await deliveriesOf('throws');
    expect(delivered.largestBatch).toBeGreaterThan(1);
    expect(delivered.again).toEqual(delivered.names);
  });

  fact('if a function names some messages of its batch as failed, exactly those come again', async () => {
    const delivered = await deliveriesOf('namesSome');
    expect(delivered.largestBatch).toBeGreaterThan(1);
    expect(delivered.again).toEqual(['1', '5']);
  });

  fact('if a function names a message that is not in its batch, the whole batch comes again', async () => {
    const delivered = await deliveriesOf('namesUnknown');
    expect(delivered.largestBatch).toBeGreaterThan(1);
    expect(delivered.again).toEqual(delivered.names);
  });

  fact('a batch is done if its function returns nothing, null, {} or no failures', async () => {
    const delivered = await deliveriesOf('returns');
    expect(delivered.again).toEqual([]);
  });

  fact('a message whose function runs out of time comes again', async () => {
    const delivered = await deliveriesOf('hangs');
    expect(delivered.again).toEqual(['0']);
  });

  fact('a message that comes again says how often it was received', async () => {
    const { entries } = await deliveriesOf('hangs');
    expect(entries.map(({ receiveCount }) => receiveCount).toSorted()).toEqual(['1', '2']);
  });

  fact('a function can read how much of its time is left', async () => {
    const { entries } = await deliveriesOf('works');
    for (const { remainingMs } of entries) {
      expect(remainingMs).toBeGreaterThan(0);
      expect(remainingMs).toBeLessThanOrEqual(PROBE_TIMEOUT_SECONDS * 1_000);
    }
  });

  fact('a function may send to its own queue again and again if its configuration allows it', async () => {
    const delivered = await deliveriesOf('relays');
    expect(delivered.names).toHaveLength(1 + HOPS);
  });

  fact("a call that the function's role does not allow is refused", async () => {
    const { entries } = await deliveriesOf('overreaches');
    expect(entries).toMatchObject([{ refusal: 'AccessDeniedException' }]);
  });

  fact('no batch has more messages than the mapping allows', async () => {
    for (const scenario of ['throws', 'namesSome', 'namesUnknown', 'works'] as const) {
      const { largestBatch } = await deliveriesOf(scenario);
      expect(largestBatch).toBeLessThanOrEqual(PROBED_QUEUES[SCENARIOS[scenario].queue]);
    }
  });

  fact('no more invocations run at once than the mapping allows', async () => {
    const { entries } = await deliveriesOf('works');
    const running = entries.map(({ startedAt }) =>
      entries.filter((one) => one.startedAt <= startedAt && startedAt < one.endedAt),
    );
    expect(Math.max(...running.map(({ length }) => length))).toBeLessThanOrEqual(MAX_CONCURRENCY);
  });
}

/** The deliveries of one scenario. */
class Deliveries {
  readonly entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }

  /** The names of all messages. */
  get names(): readonly string[] {
    return [...new Set(this.entries.map(({ name }) => name))].toSorted();
  }

  /** The names of the messages that were delivered more than once. */
  get again(): readonly string[] {
    return this.names.filter((name) => this.entries.filter((entry) => entry.name === name).length > 1);
  }

  get largestBatch(): number {
    const batches = Map.groupBy(this.entries, ({ invocation }) => invocation);
    return Math.max(...[...batches.values()].map(({ length }) => length));
  }
}
