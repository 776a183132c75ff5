import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SegmentKey, Tried, Tries } from '../../engine/index.ts';
import { retryRefused } from '../retry.ts';
import type { Key } from './batch-get.ts';
import { toExpressions, type Update } from './expressions.ts';
import { segmentPk, triesSk } from './segment-item.ts';

/**
 * Tries in the TaskFiles table: one item for each batch of which anything was ever tried alone, beside the batch's
 * failures. Takes a client whose calls end soon (`briefDocumentClient`).
 */
export class DynamoTries implements Tries {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** A set of instants: adding one again, as the SDK does after an answer that was lost, changes nothing. */
  async begin(key: SegmentKey, batch: number, tried: Tried, at: number): Promise<void> {
    await this.#update(key, batch, { add: { [attributeOf(tried)]: new Set([at]) } });
  }

  /** Tried up to eight times within some three seconds: a note that stays counts as a death. */
  async answer(key: SegmentKey, batch: number, tried: Tried): Promise<void> {
    await retryRefused('UpdateItem', [tried], async () => {
      await this.#update(key, batch, { remove: [attributeOf(tried)] });
      return [];
    });
  }

  async unanswered(key: SegmentKey, batch: number): Promise<ReadonlyMap<Tried, readonly number[]>> {
    const get = new GetCommand({ TableName: this.#table, Key: triesKeyOf(key, batch), ConsistentRead: true });
    const { Item = {} } = await this.#client.send(get);
    return new Map(
      Object.entries(Item).flatMap(([name, value]) => {
        const tried = triedOf(name);
        return tried === undefined ? [] : [[tried, [...instants.parse(value)]] as const];
      }),
    );
  }

  async #update(key: SegmentKey, batch: number, update: Update): Promise<void> {
    const command = { TableName: this.#table, Key: triesKeyOf(key, batch), ...toExpressions({ update }) };
    await this.#client.send(new UpdateCommand(command));
  }
}

const triesKeyOf = (key: SegmentKey, batch: number): Key => ({ pk: segmentPk(key), sk: triesSk(batch) });

/** Each item has an attribute of its own, so that tries of different items never get into each other's way. */
const attributeOf = (tried: Tried): string => (typeof tried === 'number' ? `item${tried}` : tried);

function triedOf(name: string): Tried | undefined {
  const [, kind, number] = /^(item|split)(\d+)$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'item' ? Number(number) : `split${Number(number)}`;
}

const instants = z.set(z.number());
