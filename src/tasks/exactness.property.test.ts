import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { itemId, readFailures, readProgress, type CutRule, type Job } from '../engine/index.ts';
import { Dice, PREFIX, runHistory, TENANT, World, type Faults } from '../../test/kit/simulation/index.ts';
import { decideRow } from './row.ts';
import { visible } from './stored-task.ts';
import { deleteTask, updateTask } from './tasks.ts';

/** A row of the simulated file: its title (blank means invalid), and whether newer rules refuse it too. */
interface Row {
  readonly title: string;
  readonly isOutdated: boolean;
}

/** The histories of one test; generous, as other tests may run beside them. */
const TIME_LIMIT_MS = 60_000;

const KEY = `${PREFIX}people/tasks.csv`;

const aRow: fc.Arbitrary<Row> = fc.record({
  title: fc.constantFrom('plain', '"quoted, with comma"', '"over\ntwo lines"', ' '),
  isOutdated: fc.boolean(),
});

const aCut: fc.Arbitrary<CutRule> = fc.record({
  itemsPerBatch: fc.integer({ min: 1, max: 3 }),
  batchesPerSegment: fc.integer({ min: 1, max: 3 }),
  batchBytes: fc.constantFrom(40, 10_000),
});

const someFaults = (zombiesFail: boolean): fc.Arbitrary<Faults> =>
  fc.record({
    kill: fc.constantFrom(0, 3, 10),
    errorBefore: fc.constantFrom(0, 3, 10),
    errorAfter: fc.constantFrom(0, 3, 10),
    expire: fc.constantFrom(0, 3, 10),
    duplicateEvent: fc.constantFrom(0, 2, 5),
    zombiesFail: fc.constant(zombiesFail),
  });

const aHistory = (zombiesFail: boolean) =>
  fc.record({
    rows: fc.array(aRow, { maxLength: 10 }),
    cut: aCut,
    faults: someFaults(zombiesFail),
    hurryPercent: fc.constantFrom(0, 40),
    pieceBytes: fc.constantFrom(7, 64, 1_000),
    choices: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
  });
type History = ReturnType<typeof aHistory> extends fc.Arbitrary<infer Value> ? Value : never;

/** Newer rules also refuse what the file marks as outdated. */
const stricter: typeof decideRow = (values) =>
  values[1] === 'outdated'
    ? { refusal: { code: 'OUTDATED', column: 'detail', value: 'outdated', message: 'refused by the newer rules' } }
    : decideRow(values);

const textOf = (rows: readonly Row[]): string =>
  ['title,detail', ...rows.map(({ title, isOutdated }) => `${title},${isOutdated ? 'outdated' : ''}`)].join('\r\n');

function open({ rows, cut, hurryPercent, pieceBytes, choices }: History): { world: World; dice: Dice; text: string } {
  const dice = new Dice(choices);
  const limits = { batchesPerCheckpoint: 2, batchesPerSend: 2, sendsInFlight: 2, reserveMilliseconds: 1 };
  const world = new World(dice, { cut, limits, pieceBytes });
  world.hurryPercent = hurryPercent;
  return { world, dice, text: textOf(rows) };
}

/** The one job of the world, once it is stored. */
const onlyJob = async (world: World): Promise<Job | undefined> =>
  (await world.jobs.list({ tenant: TENANT, limit: 2 })).jobs[0];

/** What holds at every instant: S4 honest progress, S5 no early completion, S6 one terminal fact. */
function watch(world: World, rows: readonly Row[]): () => Promise<void> {
  let before = { done: 0, percent: 0, status: 'NEW' };
  return async () => {
    const job = await onlyJob(world);
    if (!job) return;
    const { succeeded, failed, itemCount, unprocessed, percent } = await readProgress(world.ledger, job, world.now());
    const done = succeeded + failed;
    expect(done).toBeGreaterThanOrEqual(before.done);
    expect(percent).toBeGreaterThanOrEqual(before.percent);
    expect(done).toBeLessThanOrEqual(itemCount);
    expect(itemCount).toBeLessThanOrEqual(rows.length);
    expect(unprocessed).toBe(itemCount - done);
    if (before.status === 'COMPLETED') expect(job.status).toBe('COMPLETED');
    if (job.status === 'COMPLETED' || world.messaging.announced.length > 0) {
      expect({ done, sealed: job.seal?.itemCount }).toEqual({ done: rows.length, sealed: rows.length });
    }
    before = { done, percent, status: job.status };
  };
}

/** The end of every history: one outcome for each row, stored as counted, and one completion. */
async function expectExact(world: World, rows: readonly Row[]): Promise<{ job: Job; failedItems: Set<number> }> {
  const job = await onlyJob(world);
  if (!job) throw new Error('No job was made of the object');
  expect(job).toMatchObject({ status: 'COMPLETED', seal: { itemCount: rows.length } });
  expect(job.succeeded + job.failed).toBe(rows.length);
  const page = await readFailures(
    { ledger: world.ledger, failures: world.ledger },
    job,
    { segment: 0, batch: 0, item: 0 },
    1_000,
  );
  const failedItems = new Set(page.failures.map(({ index }) => index));
  expect(page.failures).toHaveLength(job.failed);
  expect(failedItems.size).toBe(job.failed);
  expect(new Set(world.messaging.announced.map((event) => JSON.stringify(event))).size).toBe(1);
  expect((await world.jobs.list({ tenant: TENANT, limit: 2 })).jobs).toHaveLength(1);
  return { job, failedItems };
}

describe('whatever is duplicated, reordered, delayed, repeated or killed between any two port calls', () => {
  it(
    'makes one task of every valid row, one failure of every other, and one completion',
    async () => {
      await fc.assert(
        fc.asyncProperty(aHistory(true), async (history) => {
          const { rows, faults } = history;
          const { world, dice, text } = open(history);
          await world.put(KEY, text);
          await runHistory(world, dice, { faults, faultySteps: 400, key: KEY, check: watch(world, rows) });
          const { job, failedItems } = await expectExact(world, rows);
          for (const [index, row] of rows.entries()) {
            const seen = visible(await world.tasks.read(TENANT, itemId(job.jobId, index)));
            expect(failedItems.has(index)).toBe(row.title.trim() === '');
            expect(seen?.task.title).toBe(row.title.trim() === '' ? undefined : row.title.replaceAll('"', ''));
          }
          expect((await world.tasks.list(TENANT, { limit: 100 })).items).toHaveLength(rows.length);
        }),
        { numRuns: 150 },
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'lets what a person makes of a task stand',
    async () => {
      await fc.assert(
        fc.asyncProperty(aHistory(true), async (history) => {
          const { rows, faults } = history;
          const { world, dice, text } = open(history);
          await world.put(KEY, text);
          const wanted = new Map<string, string | undefined>();
          const meddle = async (): Promise<void> => {
            const job = await onlyJob(world);
            if (!job || rows.length === 0 || !dice.chance(20)) return;
            const id = itemId(job.jobId, dice.roll(rows.length));
            if (!visible(await world.tasks.read(TENANT, id))) return;
            const isEdit = dice.chance(60);
            if (isEdit)
              await updateTask({ tasks: world.tasks, clock: world }, TENANT, id, { title: 'mine', isComplete: true });
            else await deleteTask({ tasks: world.tasks }, TENANT, id);
            wanted.set(id, isEdit ? 'mine' : undefined);
          };
          await runHistory(world, dice, { faults, faultySteps: 400, key: KEY, meddle, check: watch(world, rows) });
          await expectExact(world, rows);
          for (const [id, title] of wanted) {
            expect(visible(await world.tasks.read(TENANT, id))?.task.title).toBe(title);
          }
        }),
        { numRuns: 100 },
      );
    },
    TIME_LIMIT_MS,
  );

  it(
    'keeps count and tasks together when a deployment changes the rules in the middle',
    async () => {
      await fc.assert(
        fc.asyncProperty(aHistory(false), async (history) => {
          const { rows, faults } = history;
          const { world, dice, text } = open(history);
          await world.put(KEY, text);
          const meddle = async (): Promise<void> => {
            if (dice.chance(5)) world.rules = world.rules ? undefined : stricter;
          };
          await runHistory(world, dice, { faults, faultySteps: 400, key: KEY, meddle, check: watch(world, rows) });
          const { job, failedItems } = await expectExact(world, rows);
          for (const index of rows.keys()) {
            const isVisible = visible(await world.tasks.read(TENANT, itemId(job.jobId, index))) !== undefined;
            expect({ index, isVisible }).toEqual({ index, isVisible: !failedItems.has(index) });
          }
        }),
        { numRuns: 100 },
      );
    },
    TIME_LIMIT_MS,
  );
});
