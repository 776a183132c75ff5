/** Which units an operation consumes; the others consume none. */
export const UNITS: ReadonlyMap<string, 'readUnits' | 'writeUnits'> = new Map([
  ...(['GetItem', 'BatchGetItem', 'Query', 'Scan'] as const).map((operation) => [operation, 'readUnits'] as const),
  ...(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'] as const).map(
    (operation) => [operation, 'writeUnits'] as const,
  ),
]);

/**
 * The same request, asking to be told what it consumed. A body that is no JSON stays as it is, for dynalite to refuse.
 */
export function askForCapacity(body: Buffer): Buffer {
  const text = body.toString().trimStart();
  if (!/^\{\s*"/.test(text)) return body;
  return Buffer.from(`{"ReturnConsumedCapacity":"TOTAL",${text.slice(1)}`);
}

interface Capacity {
  readonly CapacityUnits?: number;
}

/** The units named in an answer. Writes to indexes are not among them: dynalite counts the table only. */
export function consumedUnits(answer: unknown): number {
  const { ConsumedCapacity } = JSON.parse(String(answer)) as { ConsumedCapacity?: Capacity | Capacity[] };
  const parts = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}
