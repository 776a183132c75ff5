import type { Task, TaskContent } from '../../contract/index.ts';

/**
 * What is stored of a task: an item, and for a task from a file at most one edit item beside it.
 *
 * - The item of a task made by POST changes with it. The item of a task from a file (the row item) is written by import
 *   alone, always the same, so any delivery may write it again at any time.
 * - The edit item is a person's: the content that stands instead, or a tombstone. Import never touches those. Its own
 *   kinds: `voided` hides a row that was judged failed, so that no late delivery can make it visible; `restored` takes
 *   that back. Both name the run that wrote them, and give way to their own and to later runs alone: a late delivery of
 *   the first pass cannot void what a redrive has brought in.
 */
export interface StoredTask {
  readonly id: string;
  readonly item?: TaskItem;
  readonly edit?: EditItem;
}

export interface TaskItem {
  readonly content: TaskContent;
  /** Instants in ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Grows by one with every change; the ETag. */
  readonly version: number;
  readonly origin?: RowOrigin;
}

export interface RowOrigin {
  readonly taskFileId: string;
  readonly row: number;
}

export type EditItem =
  | { readonly kind: 'changed'; readonly content: TaskContent; readonly updatedAt: string; readonly version: number }
  | { readonly kind: 'deleted'; readonly version: number }
  | ({ readonly kind: 'voided'; readonly version: 0 } & VoidedBy)
  | { readonly kind: 'restored'; readonly version: 1; readonly run: number };

/** Which run's delivery of which batch voided a row: where the ledger says whether the void stands. */
export interface VoidedBy {
  readonly run: number;
  readonly batch: number;
}

/** A task as it stands for readers. */
export interface VisibleTask {
  readonly task: Task;
  readonly version: number;
}

/** Merges item and edit item; undefined if there is nothing to see. */
export function toVisibleTask({ id, item, edit }: StoredTask): VisibleTask | undefined {
  if (!item || edit?.kind === 'deleted' || edit?.kind === 'voided') return undefined;
  const { content, updatedAt, version } = edit?.kind === 'changed' ? edit : item;
  return { version, task: { id, ...content, createdAt: item.createdAt, updatedAt, ...item.origin } };
}
