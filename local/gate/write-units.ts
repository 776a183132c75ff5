/** The operations that consume write units. */
export const WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** The same request, asking to be told what it consumed. A body that is no JSON stays as it is, for dynalite to refuse. */
export function askForCapacity(body: Buffer): Buffer {
  const text = body.toString().trimStart();
  if (!/^\{\s*"/.test(text)) return body;
  return Buffer.from(`{"ReturnConsumedCapacity":"TOTAL",${text.slice(1)}`);
}

interface Capacity {
  readonly CapacityUnits?: number;
}

/** The write units named in an answer. Writes to indexes are not among them: dynalite counts the table only. */
export function consumedUnits(answer: unknown): number {
  const { ConsumedCapacity } = JSON.parse(String(answer)) as { ConsumedCapacity?: Capacity | Capacity[] };
  const parts = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}
