import { PAYLOAD_MAX_BYTES } from '../runtime/invocation.ts';
import type { SqsRecord } from './sqs-event.ts';

/** The bytes of an event besides its records. */
const ENVELOPE_BYTES = 64;

/** Cuts received records into events of at most `batchSize` records, each small enough for one invocation. */
export function cutBatches(records: readonly SqsRecord[], batchSize: number): readonly (readonly SqsRecord[])[] {
  const batches: SqsRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    const batch = batches.at(-1);
    if (batch && batch.length < batchSize && bytes + size <= PAYLOAD_MAX_BYTES) {
      batch.push(record);
      bytes += size;
    } else {
      batches.push([record]);
      bytes = ENVELOPE_BYTES + size;
    }
  }
  return batches;
}
