/** The kind of units that an operation consumes. Operations that are absent consume none. */
export const UNITS: ReadonlyMap<string, 'readUnits' | 'writeUnits'> = new Map([
  ...(['GetItem', 'BatchGetItem', 'Query', 'Scan'] as const).map((operation) => [operation, 'readUnits'] as const),
  ...(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'] as const).map(
    (operation) => [operation, 'writeUnits'] as const,
  ),
]);

/** Adds a request for the consumed capacity. Leaves a body that is not JSON unchanged, for dynalite to refuse. */
export function requestCapacity(body: Buffer): Buffer {
  const text = body.toString().trimStart();
  if (!/^\{\s*"/.test(text)) return body;
  return Buffer.from(`{"ReturnConsumedCapacity":"TOTAL",${text.slice(1)}`);
}

interface Capacity {
  readonly CapacityUnits?: number;
}

/** Returns the units of a response. It does not include writes to indexes, because dynalite counts the table only. */
export function readConsumedUnits(body: unknown): number {
  const { ConsumedCapacity } = JSON.parse(String(body)) as { ConsumedCapacity?: Capacity | Capacity[] };
  const parts = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}
