import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TABLE_KEY } from '../../contract/index.ts';
import { allDone } from '../../engine/index.ts';
import { chunk, retryRefused } from '../retry.ts';

/** The key of an item, in the attributes that infrastructure gives the tables. */
export type Key = Readonly<Record<(typeof TABLE_KEY)[keyof typeof TABLE_KEY], string>>;

/** `BatchGetItem` takes at most this many keys. */
const KEYS_PER_CALL = 100;

/** A thousand keys at once: a new table does not serve more at the same moment. */
const CALLS_AT_ONCE = 10;

/**
 * Reads any number of items. The result is in no order, and has no item for a key that is not stored. A key may be
 * given only once. Consistent reads cost twice as much.
 */
export async function batchGet(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  { isConsistent = true } = {},
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const readChunk = (wanted: readonly Key[]): Promise<void> =>
    retryRefused('BatchGetItem', wanted, async (left) => {
      const request = { RequestItems: { [table]: { Keys: [...left], ConsistentRead: isConsistent } } };
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand(request));
      items.push(...(Responses?.[table] ?? []));
      return (UnprocessedKeys?.[table]?.Keys ?? []).map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
    });
  for (const some of chunk(chunk(keys, KEYS_PER_CALL), CALLS_AT_ONCE)) await allDone(some.map(readChunk));
  return items;
}
