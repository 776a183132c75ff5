import type { Page, PageQuery } from '../../contract/index.ts';
import type { EditItem, StoredTask, TaskItem, VoidedBy } from '../model/stored-task.ts';

/** A request that carried an idempotency key. The first one under a key stands. */
export interface Claim {
  readonly digest: string;
  readonly id: string;
  readonly createdAt: string;
  /** The task was stored: a repeated request must not store it again, it may have been deleted since. */
  readonly isDone: boolean;
}

/** The task store. Reads of single tasks are consistent; lists may lag. */
export interface Tasks {
  read(tenant: string, id: string): Promise<StoredTask>;
  /** In the order asked for; an unknown id gives a stored task without item. */
  readMany(tenant: string, ids: readonly string[]): Promise<readonly StoredTask[]>;
  /**
   * Every stored task once, in any order.
   * @throws CursorError
   */
  list(tenant: string, query: PageQuery): Promise<Page<StoredTask>>;

  /** Stores an item if the stored one has `ifVersion`, or if there is none (undefined). Resolves to whether it did. */
  putItem(tenant: string, id: string, item: TaskItem, ifVersion: number | undefined): Promise<boolean>;
  /** Removes an item if it has `ifVersion`. */
  removeItem(tenant: string, id: string, ifVersion: number): Promise<boolean>;
  /** Stores an edit item if the stored one has `ifVersion`, or if there is none (undefined). */
  putEdit(tenant: string, id: string, edit: EditItem, ifVersion: number | undefined): Promise<boolean>;

  /** Stores row items, whatever is stored: they are always the same. Resolves when all are stored. */
  putRows(tenant: string, rows: readonly { readonly id: string; readonly item: TaskItem }[]): Promise<void>;
  /**
   * Voids rows of a batch in a run; returns the ids that a person has edited or deleted, or a later run restored: they
   * stay as they are.
   */
  voidRows(tenant: string, ids: readonly string[], by: VoidedBy): Promise<ReadonlySet<string>>;
  /** Restores rows that were voided in this run or an earlier one; other edit items stay. */
  restoreRows(tenant: string, ids: readonly string[], run: number): Promise<void>;
  /** Restores rows in a run, if no more than earlier runs have decided about them. */
  releaseRows(tenant: string, ids: readonly string[], run: number): Promise<void>;

  /** Stores a claim unless one is stored under the key that has not expired; resolves to the one that stands. */
  claim(tenant: string, key: string, claim: Claim): Promise<Claim>;
  finishClaim(tenant: string, key: string): Promise<void>;
}
