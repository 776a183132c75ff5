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
import { cursorOf, EXPIRY_ATTRIBUTE, type Page, type PageQuery } from '../../contract/index.ts';
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
  attributesOf,
  claimKeyOf,
  editKeyOf,
  editSk,
  fieldsOfEdit,
  fieldsOfTask,
  itemKeyOf,
  partitionPk,
  PARTITIONS,
  storedTasks,
} from './task-items.ts';

/** `BatchWriteItem` takes at most this many items. */
const ITEMS_PER_WRITE = 25;

/** A request with the same idempotency key after this time is a new one. */
const CLAIM_LIFETIME_SECONDS = 24 * 60 * 60;

/** A run wrote the edit item, not a caller. */
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
const listCursor = cursorOf(listPosition);

const claimItem = z.object({ digest: z.string(), id: z.string(), createdAt: z.string(), isDone: z.boolean() });

/** Tasks in the Tasks table. */
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
    const { pk } = itemKeyOf(tenant, id);
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :id AND :edit',
      ExpressionAttributeValues: { ':pk': pk, ':id': id, ':edit': editSk(id) },
      ConsistentRead: true,
    });
    const { Items } = await this.#client.send(query);
    return storedTasks(Items ?? []).get(id) ?? { id };
  }

  async readMany(tenant: string, ids: readonly string[]): Promise<readonly StoredTask[]> {
    const keys = ids.flatMap((id) => [itemKeyOf(tenant, id), editKeyOf(tenant, id)]);
    const found = storedTasks(await batchGet(this.#client, this.#table, keys));
    return ids.map((id) => found.get(id) ?? { id });
  }

  async list(tenant: string, { limit, cursor }: PageQuery): Promise<Page<StoredTask>> {
    let place: ListPosition = cursor === undefined ? { partition: 0, after: '' } : listCursor.decode(cursor);
    const items: StoredTask[] = [];
    while (items.length < limit && place.partition < PARTITIONS.length) {
      const wanted = limit - items.length;
      const { found, isEnd } = await this.#queryPartition(tenant, place, wanted);
      const taken = found.slice(0, wanted);
      items.push(...taken);
      const last = taken.at(-1);
      if (isEnd && taken.length === found.length) place = { partition: place.partition + 1, after: '' };
      else if (last) place = { ...place, after: `${last.id}#~` };
    }
    return { items, ...(place.partition < PARTITIONS.length && { cursor: listCursor.encode(place) }) };
  }

  /**
   * Some of a partition's tasks after a place. Twice as many items and one more are read: each task has at most two.
   */
  async #queryPartition(
    tenant: string,
    { partition, after }: ListPosition,
    wanted: number,
  ): Promise<{ found: StoredTask[]; isEnd: boolean }> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: `pk = :pk${after === '' ? '' : ' AND sk > :after'}`,
      ExpressionAttributeValues: {
        ':pk': partitionPk(tenant, PARTITIONS[partition] ?? ''),
        ...(after !== '' && { ':after': after }),
      },
      Limit: wanted * 2 + 1,
    });
    const { Items, LastEvaluatedKey } = await this.#client.send(query);
    const found = [...storedTasks(Items ?? []).values()];
    // The page may have been cut between an item and its edit item: leave that task to the next page.
    if (LastEvaluatedKey && found.length > 1 && !found.at(-1)?.edit) found.pop();
    return { found, isEnd: !LastEvaluatedKey };
  }

  putItem(tenant: string, id: string, item: TaskItem, ifVersion: number | undefined): Promise<boolean> {
    return this.#putIfVersion(itemKeyOf(tenant, id), fieldsOfTask(item), ifVersion);
  }

  putEdit(tenant: string, id: string, edit: EditItem, ifVersion: number | undefined): Promise<boolean> {
    return this.#putIfVersion(editKeyOf(tenant, id), fieldsOfEdit(edit), ifVersion);
  }

  #putIfVersion(key: Key, fields: Record<string, unknown>, ifVersion: number | undefined): Promise<boolean> {
    const condition = ifVersion === undefined ? isAbsent('pk') : isEqual('version', ifVersion);
    return this.#put({ ...key, ...fields }, condition);
  }

  async removeItem(tenant: string, id: string, ifVersion: number): Promise<boolean> {
    const remove = new DeleteCommand({
      TableName: this.#table,
      Key: itemKeyOf(tenant, id),
      ...toExpressions({ condition: isEqual('version', ifVersion) }),
    });
    return (await ifCondition(this.#client.send(remove))) !== undefined;
  }

  async putRows(tenant: string, rows: readonly { readonly id: string; readonly item: TaskItem }[]): Promise<void> {
    const requests = rows.map(({ id, item }): WriteRequest => ({
      PutRequest: { Item: attributesOf(tenant, id, item) },
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
    const keys = ids.map((id) => editKeyOf(tenant, id));
    const edits = [...storedTasks(await batchGet(this.#client, this.#table, keys)).values()];
    const voided = edits.filter(({ edit }) => edit?.kind === 'voided');
    await allDone(voided.map(({ id }) => this.#restore(tenant, id, run, mayRestore(run))));
  }

  async releaseRows(tenant: string, ids: readonly string[], run: number): Promise<void> {
    await allDone(ids.map((id) => this.#restore(tenant, id, run, mayRelease(run))));
  }

  #restore(tenant: string, id: string, run: number, condition: Condition): Promise<boolean> {
    return this.#decide(tenant, id, { kind: 'restored', version: 1, run }, condition);
  }

  /** Stores what a run decides about a row, unless the condition protects the edit item that is there. */
  #decide(
    tenant: string,
    id: string,
    edit: Extract<EditItem, { readonly run: number }>,
    condition: Condition,
  ): Promise<boolean> {
    return this.#put({ ...editKeyOf(tenant, id), ...fieldsOfEdit(edit) }, condition);
  }

  /** Resolves to whether the condition held. */
  async #put(item: Readonly<Record<string, unknown>>, condition: Condition): Promise<boolean> {
    const put = new PutCommand({ TableName: this.#table, Item: item, ...toExpressions({ condition }) });
    return (await ifCondition(this.#client.send(put))) !== undefined;
  }

  async claim(tenant: string, key: string, claim: Claim): Promise<Claim> {
    const now = Math.floor(this.#clock.now() / 1_000);
    const Key = claimKeyOf(tenant, key);
    const item = { ...Key, ...claim, [EXPIRY_ATTRIBUTE]: now + CLAIM_LIFETIME_SECONDS };
    if (await this.#put(item, anyOf(isAbsent('pk'), isBelow(EXPIRY_ATTRIBUTE, now)))) return claim;
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    // It expired and was removed between the two calls: then ours can stand.
    return Item ? claimItem.parse(Item) : this.claim(tenant, key, claim);
  }

  async finishClaim(tenant: string, key: string): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: claimKeyOf(tenant, key),
      ...toExpressions({
        update: { set: { isDone: true } },
        // Without it, a claim that expired in between would come back as an item that is no claim.
        condition: isPresent('pk'),
      }),
    });
    await ifCondition(this.#client.send(update));
  }
}
