import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { cursorCodec, EXPIRY_ATTRIBUTE, type Page, type PageQuery } from '../../contract/index.ts';
import { allDone, RefusedItemError, type Clock } from '../../engine/index.ts';
import type { Claim, EditItem, StoredTask, TaskItem, Tasks, VoidedBy } from '../../tasks/index.ts';
import { chunk, retryRefused } from '../retry.ts';
import { isRefusedForGood } from '../service-errors.ts';
import { batchGet, type Key } from './batch-get.ts';
import { ifCondition } from './conditional.ts';
import {
  allOf,
  anyOf,
  isAbsent,
  isAtMost,
  isBelow,
  isEqual,
  isOneOf,
  isPresent,
  toExpressions,
  type Condition,
} from './expressions.ts';
import {
  toAttributes,
  toClaimKey,
  toEditKey,
  toEditSk,
  toEditFields,
  toTaskFields,
  toItemKey,
  toPartitionPk,
  PARTITIONS,
  joinItems,
} from './task-items.ts';

/** `BatchWriteItem` takes at most this many items. */
const ITEMS_PER_WRITE = 25;

/** After this time, a request with the same idempotency key counts as a new request. */
const CLAIM_LIFETIME_SECONDS = 24 * 60 * 60;

/** The edit item is from a run, not from a caller. */
const IS_OF_A_RUN = isOneOf('kind', ['voided', 'restored'] satisfies EditItem['kind'][]);

/**
 * A run may void a row unless a caller has edited the task, which shows that an earlier delivery had imported the row,
 * or a later run has decided: its decision outweighs that of this run.
 */
const mayVoid = (run: number): Condition => anyOf(isAbsent('pk'), allOf(IS_OF_A_RUN, isAtMost('run', run)));
const mayRestore = (run: number): Condition => allOf(isEqual('kind', 'voided'), isAtMost('run', run));
/**
 * A void of the same run stays: another delivery of that run wrote it, and only the ledger says which of the two
 * deliveries counts.
 */
const mayRelease = (run: number): Condition => anyOf(isAbsent('pk'), allOf(IS_OF_A_RUN, isBelow('run', run)));

const listPosition = z.strictObject({
  partition: z
    .int()
    .min(0)
    .max(PARTITIONS.length - 1),
  after: z.string().regex(/^$|^[0-9a-f-]{36}#~$/),
});
type ListPosition = z.infer<typeof listPosition>;
const listCursor = cursorCodec(listPosition);

const claimItem = z.object({ digest: z.string(), id: z.string(), createdAt: z.string(), isDone: z.boolean() });

/** The task store, in the Tasks table. */
export class DynamoTasks implements Tasks {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async read(tenant: string, id: string): Promise<StoredTask> {
    const { pk } = toItemKey(tenant, id);
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :id AND :edit',
      ExpressionAttributeValues: { ':pk': pk, ':id': id, ':edit': toEditSk(id) },
      ConsistentRead: true,
    });
    const { Items } = await this.#client.send(query);
    return joinItems(Items ?? []).get(id) ?? { id };
  }

  async readMany(tenant: string, ids: readonly string[]): Promise<readonly StoredTask[]> {
    const keys = ids.flatMap((id) => [toItemKey(tenant, id), toEditKey(tenant, id)]);
    const found = joinItems(await batchGet(this.#client, this.#table, keys));
    return ids.map((id) => found.get(id) ?? { id });
  }

  async list(tenant: string, { limit, cursor }: PageQuery): Promise<Page<StoredTask>> {
    let position: ListPosition = cursor === undefined ? { partition: 0, after: '' } : listCursor.decode(cursor);
    const items: StoredTask[] = [];
    while (items.length < limit && position.partition < PARTITIONS.length) {
      const wanted = limit - items.length;
      const { found, isEnd } = await this.#queryPartition(tenant, position, wanted);
      const taken = found.slice(0, wanted);
      items.push(...taken);
      const last = taken.at(-1);
      if (isEnd && taken.length === found.length) position = { partition: position.partition + 1, after: '' };
      else if (last) position = { ...position, after: `${last.id}#~` };
    }
    return { items, ...(position.partition < PARTITIONS.length && { cursor: listCursor.encode(position) }) };
  }

  /** Reads tasks of a partition. A task has at most two items, so twice as many items are read, and one more. */
  async #queryPartition(
    tenant: string,
    { partition, after }: ListPosition,
    wanted: number,
  ): Promise<{ found: StoredTask[]; isEnd: boolean }> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: `pk = :pk${after === '' ? '' : ' AND sk > :after'}`,
      ExpressionAttributeValues: {
        ':pk': toPartitionPk(tenant, PARTITIONS[partition] ?? ''),
        ...(after !== '' && { ':after': after }),
      },
      Limit: wanted * 2 + 1,
    });
    const { Items, LastEvaluatedKey } = await this.#client.send(query);
    const found = [...joinItems(Items ?? []).values()];
    // DynamoDB may have ended the page between an item and its edit item: the next page has that task.
    if (LastEvaluatedKey && found.length > 1 && !found.at(-1)?.edit) found.pop();
    return { found, isEnd: !LastEvaluatedKey };
  }

  putItem(tenant: string, id: string, item: TaskItem, ifVersion: number | undefined): Promise<boolean> {
    return this.#putIfVersion(toItemKey(tenant, id), toTaskFields(item), ifVersion);
  }

  putEdit(tenant: string, id: string, edit: EditItem, ifVersion: number | undefined): Promise<boolean> {
    return this.#putIfVersion(toEditKey(tenant, id), toEditFields(edit), ifVersion);
  }

  #putIfVersion(key: Key, fields: Record<string, unknown>, ifVersion: number | undefined): Promise<boolean> {
    const condition = ifVersion === undefined ? isAbsent('pk') : isEqual('version', ifVersion);
    return this.#put({ ...key, ...fields }, condition);
  }

  async removeItem(tenant: string, id: string, ifVersion: number): Promise<boolean> {
    const remove = new DeleteCommand({
      TableName: this.#table,
      Key: toItemKey(tenant, id),
      ...toExpressions({ condition: isEqual('version', ifVersion) }),
    });
    return (await ifCondition(this.#client.send(remove))) !== undefined;
  }

  async putRows(tenant: string, rows: readonly { readonly id: string; readonly item: TaskItem }[]): Promise<void> {
    const requests = rows.map(({ id, item }): WriteRequest => ({
      PutRequest: { Item: toAttributes(tenant, id, item) },
    }));
    try {
      await allDone(chunk(requests, ITEMS_PER_WRITE).map((some) => this.#writeAll(some)));
    } catch (error) {
      if (isRefusedForGood(error)) throw new RefusedItemError(error.message);
      throw error;
    }
  }

  #writeAll(requests: readonly WriteRequest[]): Promise<void> {
    return retryRefused('BatchWriteItem', requests, async (left) => {
      const { UnprocessedItems } = await this.#client.send(
        new BatchWriteItemCommand({ RequestItems: { [this.#table]: [...left] } }),
      );
      return UnprocessedItems?.[this.#table] ?? [];
    });
  }

  async voidRows(tenant: string, ids: readonly string[], by: VoidedBy): Promise<ReadonlySet<string>> {
    const inUse = new Set<string>();
    await allDone(
      ids.map(async (id) => {
        if (!(await this.#decide(tenant, id, { kind: 'voided', version: 0, ...by }, mayVoid(by.run)))) inUse.add(id);
      }),
    );
    return inUse;
  }

  async restoreRows(tenant: string, ids: readonly string[], run: number): Promise<void> {
    const keys = ids.map((id) => toEditKey(tenant, id));
    const edits = [...joinItems(await batchGet(this.#client, this.#table, keys)).values()];
    const voided = edits.filter(({ edit }) => edit?.kind === 'voided');
    await allDone(voided.map(({ id }) => this.#restore(tenant, id, run, mayRestore(run))));
  }

  async releaseRows(tenant: string, ids: readonly string[], run: number): Promise<void> {
    await allDone(ids.map((id) => this.#restore(tenant, id, run, mayRelease(run))));
  }

  #restore(tenant: string, id: string, run: number, condition: Condition): Promise<boolean> {
    return this.#decide(tenant, id, { kind: 'restored', version: 1, run }, condition);
  }

  /** Stores what a run decides about a row. The condition protects the edit items of callers and of later runs. */
  #decide(
    tenant: string,
    id: string,
    edit: Extract<EditItem, { readonly run: number }>,
    condition: Condition,
  ): Promise<boolean> {
    return this.#put({ ...toEditKey(tenant, id), ...toEditFields(edit) }, condition);
  }

  /** Resolves to whether the condition held. */
  async #put(item: Readonly<Record<string, unknown>>, condition: Condition): Promise<boolean> {
    const put = new PutCommand({ TableName: this.#table, Item: item, ...toExpressions({ condition }) });
    return (await ifCondition(this.#client.send(put))) !== undefined;
  }

  async claim(tenant: string, key: string, claim: Claim): Promise<Claim> {
    const now = Math.floor(this.#clock.now() / 1_000);
    const Key = toClaimKey(tenant, key);
    const item = { ...Key, ...claim, [EXPIRY_ATTRIBUTE]: now + CLAIM_LIFETIME_SECONDS };
    if (await this.#put(item, anyOf(isAbsent('pk'), isBelow(EXPIRY_ATTRIBUTE, now)))) return claim;
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    // The stored claim expired and was removed between the two calls, so the key is free.
    return Item ? claimItem.parse(Item) : this.claim(tenant, key, claim);
  }

  async finishClaim(tenant: string, key: string): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: toClaimKey(tenant, key),
      ...toExpressions({
        update: { set: { isDone: true } },
        // Otherwise an expired claim would come back with this attribute alone.
        condition: isPresent('pk'),
      }),
    });
    await ifCondition(this.#client.send(update));
  }
}
