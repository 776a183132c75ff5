import type { Page, PageQuery } from '../../contract/index.ts';
import type { EditItem, StoredTask, TaskItem, VoidedBy } from '../model/stored-task.ts';

/** The reservation of an idempotency key by the first request that had it. */
export interface Claim {
  readonly digest: string;
  readonly id: string;
  readonly createdAt: string;
  /** The task was stored. A repeated request must not store it again, because a caller may have deleted it since. */
  readonly isDone: boolean;
}

/** The task store. Reads of single tasks are consistent; lists may lag. */
export interface Tasks {
  read(tenant: string, id: string): Promise<StoredTask>;
  /** Reads tasks in the order of the ids. An unknown id gives a stored task without an item. */
  readMany(tenant: string, ids: readonly string[]): Promise<readonly StoredTask[]>;
  /**
   * Lists every stored task once, in any order.
   * @throws CursorError
   */
  list(tenant: string, query: PageQuery): Promise<Page<StoredTask>>;

  /** Stores an item if the stored one has `ifVersion`, or if there is none (undefined). Resolves to whether it did. */
  putItem(tenant: string, id: string, item: TaskItem, ifVersion: number | undefined): Promise<boolean>;
  /** Removes an item if it has `ifVersion`. */
  removeItem(tenant: string, id: string, ifVersion: number): Promise<boolean>;
  /** Stores an edit item if the stored one has `ifVersion`, or if there is none (undefined). */
  putEdit(tenant: string, id: string, edit: EditItem, ifVersion: number | undefined): Promise<boolean>;

  /** Stores row items unconditionally, because they are always the same. Resolves when all are stored. */
  putRows(tenant: string, rows: readonly { readonly id: string; readonly item: TaskItem }[]): Promise<void>;
  /**
   * Voids rows of a batch in a run. Resolves to the ids that stay as they are, because a caller has edited or deleted
   * them, or a later run has restored them.
   */
  voidRows(tenant: string, ids: readonly string[], by: VoidedBy): Promise<ReadonlySet<string>>;
  /** Restores rows that this run or an earlier one voided. Other edit items stay. */
  restoreRows(tenant: string, ids: readonly string[], run: number): Promise<void>;
  /** Restores rows in a run, if only earlier runs have decided about them. */
  releaseRows(tenant: string, ids: readonly string[], run: number): Promise<void>;

  /** Stores a claim, unless the key has one that has not expired. Resolves to the claim that is stored then. */
  claim(tenant: string, key: string, claim: Claim): Promise<Claim>;
  /** Notes that the task of a claim is stored. */
  finishClaim(tenant: string, key: string): Promise<void>;
}
