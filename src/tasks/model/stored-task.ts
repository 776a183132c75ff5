import type { Task, TaskContent } from '../../contract/index.ts';

/**
 * The stored items of a task: one item, and for a task from a file at most one edit item beside it.
 *
 * - The item of a task made by POST changes with the task. The item of a task from a file is its row item. Only import
 *   writes it, always with the same content, so any delivery may write it again at any time.
 * - A caller writes the edit items `changed`, with new content, and `deleted`. Import never touches these. Import
 *   writes `voided`, which hides a row whose outcome is a failure, so that no late delivery can make it visible, and
 *   `restored`, which takes that back. Both name the run that wrote them, and only the same run and later runs may
 *   replace them: a late delivery of the first pass cannot void what a redrive has imported.
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
  /** The ETag. Each change increments it. */
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

/** The run and the batch whose delivery voided a row. The ledger decides by them whether the void holds. */
export interface VoidedBy {
  readonly run: number;
  readonly batch: number;
}

/** A task as callers see it. */
export interface VisibleTask {
  readonly task: Task;
  readonly version: number;
}

/** Merges item and edit item. Returns undefined if callers see no task. */
export function toVisibleTask({ id, item, edit }: StoredTask): VisibleTask | undefined {
  if (!item || edit?.kind === 'deleted' || edit?.kind === 'voided') return undefined;
  const { content, updatedAt, version } = edit?.kind === 'changed' ? edit : item;
  return { version, task: { id, ...content, createdAt: item.createdAt, updatedAt, ...item.origin } };
}
