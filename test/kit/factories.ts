import {
  newJob,
  type Batch,
  type Clock,
  type CutRule,
  type Delivery,
  type IndexedRow,
  type Item,
  type Job,
  type JobDefinition,
  type Run,
  type Verdict,
} from '../../src/engine/index.ts';

/** 31 January 2026, 08:00 UTC. */
export const CREATED_AT = Date.UTC(2026, 0, 31, 8);

export const aClock = (at = CREATED_AT): Clock => ({ now: () => at });

/** A cut that is small enough for a test to fill batches and segments by hand. */
export const aCut = (changes: Partial<CutRule> = {}): CutRule => ({
  itemsPerBatch: 2,
  batchesPerSegment: 2,
  batchBytes: 1_000,
  ...changes,
});

/** A job that waits for its first fan-out. Its source is pinned. */
export const aJob = (changes: Partial<Job> = {}): Job => ({
  ...newJob({
    tenant: 'default',
    jobId: '01948f3c-2c00-7000-8000-000000000001',
    name: 'names.csv',
    cut: aCut(),
    source: { key: 'uploads/default/01948f3c-2c00-7000-8000-000000000001/names.csv', etag: 'v1', bytes: 1_000 },
    createdAt: CREATED_AT,
  }),
  ...changes,
});

/** A job whose header is read, and whose items the splitter is cutting. */
export const aRunningJob = (changes: Partial<Job> = {}): Job =>
  aJob({ status: 'IN_PROGRESS', header: ['name'], startedAt: CREATED_AT + 1_000, ...changes });

export const anItem = (name = 'Ada', changes: Partial<Item> = {}): Item => ({
  index: 0,
  line: 2,
  cells: [name],
  ...changes,
});

/** Batch `number` of a job. Each of its items has a line of its own, of ten bytes. */
export function aBatch(job: Job, number: number, names: readonly string[] = ['Ada', 'Bob']): Batch {
  const firstItem = number * job.cut.itemsPerBatch;
  return {
    tenant: job.tenant,
    jobId: job.jobId,
    runId: job.jobId,
    batch: number,
    bytes: names.length * 10,
    items: names.map((name, position) => anItem(name, { index: firstItem + position, line: firstItem + position + 2 })),
  };
}

export const aDelivery = (batch: Batch, changes: Partial<Delivery> = {}): Delivery => ({
  messageId: `${batch.jobId}/${batch.batch}`,
  batch,
  isRepeated: false,
  ...changes,
});

/** The simplest job: an item is a name, and its effect is an entry in a list. A blank or a refused name fails. */
export class Names implements JobDefinition<string> {
  readonly columns = [
    { name: 'name', required: true },
    { name: 'note', required: false },
  ] as const;
  /** The effects, by index of the item. */
  readonly stored = new Map<number, string>();
  /** The run that voided each item, by index. */
  readonly voided = new Map<number, number>();
  /** Items whose effect is in use, so that no run can void it. */
  readonly inUse = new Set<number>();
  /** Names that the current rules refuse, besides blank ones. */
  readonly refused = new Set<string>();

  /** The names that are visible, by index. */
  get visible(): [number, string][] {
    return [...this.stored].filter(([index]) => !this.voided.has(index)).toSorted(([a], [b]) => a - b);
  }

  decide([name]: readonly (string | undefined)[]): Verdict<string> {
    if (name === undefined) return { refusal: { code: 'REQUIRED', column: 'name', message: 'name is empty' } };
    return this.refused.has(name)
      ? { refusal: { code: 'REFUSED', column: 'name', value: name, message: `${name} is not allowed` } }
      : { row: name };
  }

  async apply({ number }: Run, rows: readonly IndexedRow<string>[]): Promise<void> {
    for (const { index, row } of rows) {
      this.stored.set(index, row);
      if ((this.voided.get(index) ?? number) < number) this.voided.delete(index);
    }
  }

  async applied({ number }: Run, indexes: readonly number[]): Promise<ReadonlySet<number>> {
    return new Set(indexes.filter((index) => this.stored.has(index) && (this.voided.get(index) ?? number) >= number));
  }

  async voidItems({ number }: Run, _batch: number, indexes: readonly number[]): Promise<ReadonlySet<number>> {
    const inUse = new Set(indexes.filter((index) => this.inUse.has(index)));
    for (const index of indexes) if (!inUse.has(index)) this.voided.set(index, number);
    return inUse;
  }

  async restoreItems(_run: Run, indexes: readonly number[]): Promise<void> {
    for (const index of indexes) this.voided.delete(index);
  }
}
