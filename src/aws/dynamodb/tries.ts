import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SegmentKey, Tries } from '../../engine/index.ts';
import type { Key } from './batch-get.ts';
import { segmentPk, triesSk } from './segment-item.ts';

/** Tries in the TaskFiles table: one item for each batch of which items were ever tried alone, beside the batch's failures. */
export class DynamoTries implements Tries {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** A set of instants: adding one again, as the SDK does after an answer that was lost, changes nothing. */
  async begin(key: SegmentKey, batch: number, index: number, at: number): Promise<void> {
    await this.#update(key, batch, {
      UpdateExpression: 'ADD #item :at',
      ExpressionAttributeNames: { '#item': attributeOf(index) },
      ExpressionAttributeValues: { ':at': new Set([at]) },
    });
  }

  async answer(key: SegmentKey, batch: number, index: number): Promise<void> {
    await this.#update(key, batch, {
      UpdateExpression: 'REMOVE #item',
      ExpressionAttributeNames: { '#item': attributeOf(index) },
    });
  }

  async unanswered(key: SegmentKey, batch: number): Promise<ReadonlyMap<number, readonly number[]>> {
    const get = new GetCommand({ TableName: this.#table, Key: triesKeyOf(key, batch), ConsistentRead: true });
    const { Item = {} } = await this.#client.send(get);
    return new Map(
      Object.entries(Item).flatMap(([name, value]) => {
        const index = ATTRIBUTE.exec(name)?.[1];
        return index === undefined ? [] : [[Number(index), [...instants.parse(value)]] as const];
      }),
    );
  }

  async #update(
    key: SegmentKey,
    batch: number,
    update: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
  ): Promise<void> {
    await this.#client.send(new UpdateCommand({ TableName: this.#table, Key: triesKeyOf(key, batch), ...update }));
  }
}

const triesKeyOf = (key: SegmentKey, batch: number): Key => ({ pk: segmentPk(key), sk: triesSk(batch) });

/** Each item has an attribute of its own, so that tries of different items never get into each other's way. */
const attributeOf = (index: number): string => `item${index}`;
const ATTRIBUTE = /^item(\d+)$/;

const instants = z.set(z.number());
