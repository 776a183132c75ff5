import { randomUUID } from 'node:crypto';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expect } from '@jest/globals';
import { until } from '../../e2e/support/until.ts';
import type { Fact } from './fact.ts';
import { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

type Item = Record<string, AttributeValue>;

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });

export function dynamodbFacts(fact: Fact, stage: Stage): void {
  const { dynamodb } = stage;
  const TableName = stage.called('Table');
  const newKey = (): Item => ({ pk: text(randomUUID()), sk: text('item') });

  const read = async (Key: Item): Promise<Item | undefined> =>
    (await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  const put = (item: Item, ConditionExpression?: string) =>
    dynamodb.send(new PutItemCommand({ TableName, Item: item, ...(ConditionExpression && { ConditionExpression }) }));
  const update = (Key: Item, rest: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) =>
    dynamodb.send(new UpdateItemCommand({ TableName, Key, ...rest }));

  fact(
    'a number set and numbers are added to together, or, if the condition finds one in the set, not at all',
    async () => {
      const key = newKey();
      const recorder = new Recorder(dynamodb, TableName, key);
      expect(await recorder.record([1, 2], 20)).toMatchObject({ batches: { NS: ['1', '2'] }, succeeded: { N: '20' } });
      expect(await recorder.record([2, 3], 20)).toBeUndefined();
      expect(await read(key)).toEqual({ ...key, batches: { NS: ['1', '2'] }, succeeded: { N: '20' } });
    },
  );

  fact('fifty recorders at once, each batch given to several, count every batch once', async () => {
    const recorder = new Recorder(dynamodb, TableName, newKey());
    const batches = Array.from({ length: 100 }, (_, batch) => batch);
    // Two or three recorders have each batch, each time together with other batches.
    const hands = Array.from({ length: 50 }, (_, n) => [0, 1, 2, 37, 61].map((step) => (2 * n + step) % 100));
    await Promise.all(hands.map((hand) => recorder.recordAll(hand)));
    const { batches: recorded, succeeded } = await recorder.read();
    expect(recorded.toSorted((one, other) => one - other)).toEqual(batches);
    expect(succeeded).toBe(batches.length * Recorder.ITEMS_PER_BATCH);
  });

  fact('an update of an absent item creates it', async () => {
    const key = newKey();
    const { Attributes } = await update(key, {
      UpdateExpression: 'ADD succeeded :n',
      ExpressionAttributeValues: { ':n': number(7) },
      ReturnValues: 'ALL_NEW',
    });
    expect(Attributes).toEqual({ ...key, succeeded: number(7) });
  });

  fact('a write whose condition fails reports that and changes nothing, even if nothing is stored', async () => {
    const [stored, absent] = [newKey(), newKey()];
    await put({ ...stored, status: text('NEW') });
    for (const key of [stored, absent]) {
      const change = update(key, {
        UpdateExpression: 'SET #status = :next',
        ConditionExpression: 'attribute_exists(pk) AND #status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':next': text('COMPLETED'), ':status': text('IN_PROGRESS') },
      });
      await expect(change).rejects.toThrow(ConditionalCheckFailedException);
    }
    expect(await read(stored)).toEqual({ ...stored, status: text('NEW') });
    expect(await read(absent)).toBeUndefined();
  });

  fact('of many callers that put an item where none is stored, one succeeds, and its item stays', async () => {
    const key = newKey();
    const puts = Array.from({ length: 10 }, (_, n) => put({ ...key, writer: number(n) }, 'attribute_not_exists(pk)'));
    const results = await Promise.allSettled(puts);
    const winners = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConditionalCheckFailedException);
    }
    expect(await read(key)).toEqual({ ...key, writer: number(Number(winners[0])) });
  });

  fact('a batch of 25 puts needs no condition, may be repeated, and replaces what is stored', async () => {
    const pk = text(randomUUID());
    const items = Array.from({ length: 25 }, (_, n): Item => ({ pk, sk: text(`row-${n}`), title: text('as read') }));
    await put({ pk, sk: text('row-3'), title: text('another'), detail: text('gone afterwards') });
    const RequestItems = { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) };
    for (let time = 1; time <= 2; time++) {
      const { UnprocessedItems } = await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
      expect(UnprocessedItems).toEqual({});
    }
    const { Responses } = await dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: {
          [TableName]: { Keys: items.map(({ sk }) => ({ pk, sk: sk ?? text('') })), ConsistentRead: true },
        },
      }),
    );
    expect(Responses?.[TableName]).toHaveLength(25);
    expect(Responses?.[TableName]).toEqual(expect.arrayContaining(items));
  });

  fact('a consistent batch of 100 reads sees what was just written, and leaves out absent items', async () => {
    const pk = text(randomUUID());
    const keys = Array.from({ length: 100 }, (_, n): Item => ({ pk, sk: text(String(n)) }));
    const stored = keys.filter((_, n) => n % 10 === 0);
    await Promise.all(stored.map((key) => put(key)));
    const RequestItems = { [TableName]: { Keys: keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    expect(UnprocessedKeys).toEqual({});
    expect(Responses?.[TableName]).toHaveLength(stored.length);
    expect(Responses?.[TableName]).toEqual(expect.arrayContaining(stored));
  });

  fact('a consistent query sees what was just written, in the order of the sort key, page by page', async () => {
    const pk = text(randomUUID());
    const written: string[] = [];
    for (const name of ['c', 'a', 'b', 'a#edit', 'B']) {
      await put({ pk, sk: text(name) });
      written.push(name);
      expect(await names(pk, 2)).toEqual(written.toSorted());
    }
  });

  async function names(pk: AttributeValue, Limit: number): Promise<(string | undefined)[]> {
    const found: (string | undefined)[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const query = new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        Limit,
        ExclusiveStartKey,
      });
      const { Items = [], LastEvaluatedKey } = await dynamodb.send(query);
      found.push(...Items.map(({ sk }) => sk?.S));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  }

  fact('an item is in an index while it has the index keys, and no longer once one is removed', async () => {
    const key = newKey();
    const openPk = text(randomUUID());
    const indexed = async (): Promise<readonly Item[]> => {
      const query = new QueryCommand({
        TableName,
        IndexName: 'byChange',
        KeyConditionExpression: 'openPk = :openPk AND changedAt < :before',
        ExpressionAttributeValues: { ':openPk': openPk, ':before': number(10) },
      });
      return (await dynamodb.send(query)).Items ?? [];
    };
    await put({ ...key, openPk, changedAt: number(9), status: text('NEW') });
    const [entry] = await until('the entry', indexed, ({ length }) => length === 1, stage.patienceMs);
    expect(entry).toEqual({ ...key, openPk, changedAt: number(9) });
    await update(key, { UpdateExpression: 'REMOVE openPk' });
    await until('no entry', indexed, ({ length }) => length === 0, stage.patienceMs);
    expect(await read(key)).toEqual({ ...key, changedAt: number(9), status: text('NEW') });
  });
}
