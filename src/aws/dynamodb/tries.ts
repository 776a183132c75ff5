import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SegmentKey, Tried, Tries } from '../../engine/index.ts';
import { retryRefused } from '../retry.ts';
import type { Key } from './batch-get.ts';
import { toExpressions, type Update } from './expressions.ts';
import { toSegmentPk, toTriesSk } from './segment-item.ts';

/**
 * The tries, in the TaskFiles table. A batch has one item for all its tries, next to its failures. The client must be
 * one whose calls end soon (`briefDocumentClient`).
 */
export class DynamoTries implements Tries {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The instants are a set, so adding one again, as the SDK does after a lost response, changes nothing. */
  async begin(key: SegmentKey, batch: number, tried: Tried, at: number): Promise<void> {
    await this.#update(key, batch, { add: { [toAttributeName(tried)]: new Set([at]) } });
  }

  /** Up to eight calls within some three seconds, because a note that stays counts as a death. */
  async end(key: SegmentKey, batch: number, tried: Tried): Promise<void> {
    await retryRefused('UpdateItem', [tried], async () => {
      await this.#update(key, batch, { remove: [toAttributeName(tried)] });
      return [];
    });
  }

  async readOpen(key: SegmentKey, batch: number): Promise<ReadonlyMap<Tried, readonly number[]>> {
    const get = new GetCommand({ TableName: this.#table, Key: toTriesKey(key, batch), ConsistentRead: true });
    const { Item = {} } = await this.#client.send(get);
    return new Map(
      Object.entries(Item).flatMap(([name, value]) => {
        const tried = parseAttributeName(name);
        return tried === undefined ? [] : [[tried, [...instants.parse(value)]] as const];
      }),
    );
  }

  async #update(key: SegmentKey, batch: number, update: Update): Promise<void> {
    const command = { TableName: this.#table, Key: toTriesKey(key, batch), ...toExpressions({ update }) };
    await this.#client.send(new UpdateCommand(command));
  }
}

const toTriesKey = (key: SegmentKey, batch: number): Key => ({ pk: toSegmentPk(key), sk: toTriesSk(batch) });

/** Each item has its own attribute, so that tries of different items do not conflict. */
const toAttributeName = (tried: Tried): string => (typeof tried === 'number' ? `item${tried}` : tried);

function parseAttributeName(name: string): Tried | undefined {
  const [, kind, number] = /^(item|split)(\d+)$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'item' ? Number(number) : `split${Number(number)}`;
}

const instants = z.set(z.number());
