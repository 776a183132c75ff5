import * as z from 'zod';
import { cursorCodec, type Page, type PageQuery } from '../../../src/contract/index.ts';
import type { Claim, EditItem, StoredTask, TaskItem, Tasks, VoidedBy } from '../../../src/tasks/index.ts';

const position = cursorCodec(z.strictObject({ after: z.uuid() }));

type Decision = Extract<EditItem, { readonly run: number }>;

/** Tasks in memory. */
export class MemoryTasks implements Tasks {
  readonly #items = new Map<string, TaskItem>();
  readonly #edits = new Map<string, EditItem>();
  readonly #claims = new Map<string, Claim>();

  async read(tenant: string, id: string): Promise<StoredTask> {
    const item = this.#items.get(`${tenant}/${id}`);
    const edit = this.#edits.get(`${tenant}/${id}`);
    return { id, ...(item && { item }), ...(edit && { edit }) };
  }

  readMany(tenant: string, ids: readonly string[]): Promise<readonly StoredTask[]> {
    return Promise.all(ids.map((id) => this.read(tenant, id)));
  }

  async list(tenant: string, { limit, cursor }: PageQuery): Promise<Page<StoredTask>> {
    const after = cursor === undefined ? '' : position.decode(cursor).after;
    const keys = new Set([...this.#items.keys(), ...this.#edits.keys()].filter((key) => key.startsWith(`${tenant}/`)));
    const ids = [...keys].map((key) => key.slice(tenant.length + 1)).toSorted();
    const rest = ids.filter((id) => id > after);
    const last = rest[limit - 1];
    const items = await this.readMany(tenant, rest.slice(0, limit));
    return { items, ...(last !== undefined && { cursor: position.encode({ after: last }) }) };
  }

  async putItem(tenant: string, id: string, item: TaskItem, ifVersion: number | undefined): Promise<boolean> {
    return putIfVersion(this.#items, `${tenant}/${id}`, item, ifVersion);
  }

  async removeItem(tenant: string, id: string, ifVersion: number): Promise<boolean> {
    return this.#items.get(`${tenant}/${id}`)?.version === ifVersion && this.#items.delete(`${tenant}/${id}`);
  }

  async putEdit(tenant: string, id: string, edit: EditItem, ifVersion: number | undefined): Promise<boolean> {
    return putIfVersion(this.#edits, `${tenant}/${id}`, edit, ifVersion);
  }

  async putRows(tenant: string, rows: readonly { readonly id: string; readonly item: TaskItem }[]): Promise<void> {
    for (const { id, item } of rows) this.#items.set(`${tenant}/${id}`, item);
  }

  async voidRows(tenant: string, ids: readonly string[], by: VoidedBy): Promise<ReadonlySet<string>> {
    const isFree = (edit: Decision | undefined): boolean => edit === undefined || edit.run <= by.run;
    return new Set(ids.filter((id) => !this.#decide(`${tenant}/${id}`, { kind: 'voided', version: 0, ...by }, isFree)));
  }

  async restoreRows(tenant: string, ids: readonly string[], run: number): Promise<void> {
    const isVoided = (edit: Decision | undefined): boolean => edit?.kind === 'voided' && edit.run <= run;
    for (const id of ids) this.#decide(`${tenant}/${id}`, { kind: 'restored', version: 1, run }, isVoided);
  }

  async releaseRows(tenant: string, ids: readonly string[], run: number): Promise<void> {
    const isEarlier = (edit: Decision | undefined): boolean => edit === undefined || edit.run < run;
    for (const id of ids) this.#decide(`${tenant}/${id}`, { kind: 'restored', version: 1, run }, isEarlier);
  }

  /** Stores what a run decides about a row. It never replaces the edit item of a caller. */
  #decide(key: string, decision: Decision, may: (edit: Decision | undefined) => boolean): boolean {
    const edit = this.#edits.get(key);
    if (edit?.kind === 'changed' || edit?.kind === 'deleted' || !may(edit)) return false;
    this.#edits.set(key, decision);
    return true;
  }

  async claim(tenant: string, key: string, claim: Claim): Promise<Claim> {
    const stored = this.#claims.get(`${tenant}/${key}`) ?? claim;
    this.#claims.set(`${tenant}/${key}`, stored);
    return stored;
  }

  async finishClaim(tenant: string, key: string): Promise<void> {
    const stored = this.#claims.get(`${tenant}/${key}`);
    if (stored) this.#claims.set(`${tenant}/${key}`, { ...stored, isDone: true });
  }
}

function putIfVersion<T extends { readonly version: number }>(
  store: Map<string, T>,
  key: string,
  value: T,
  ifVersion: number | undefined,
): boolean {
  const isAsExpected = store.get(key)?.version === ifVersion;
  if (isAsExpected) store.set(key, value);
  return isAsExpected;
}
