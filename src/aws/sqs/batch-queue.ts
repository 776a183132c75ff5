import type { SQSClient } from '@aws-sdk/client-sqs';
import { SCHEMA_VERSION, type BatchMessage } from '../../contract/index.ts';
import { encoded, type Batch, type BatchQueue } from '../../engine/index.ts';
import { sendAll } from './send.ts';

/** Batches as messages of the Create Task Queue. */
export class SqsBatchQueue implements BatchQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  send(batches: readonly Batch[]): Promise<void> {
    return sendAll(
      this.#client,
      this.#queueUrl,
      batches.map((batch) => encoded(messageOfBatch(batch))),
    );
  }
}

export const messageOfBatch = ({ items, ...batch }: Batch): BatchMessage => ({
  schemaVersion: SCHEMA_VERSION,
  ...batch,
  items: items.map(({ index }) => index),
  lines: items.map(({ line }) => line),
  rows: items.map(({ cells }) => [...cells]),
});

export const batchOfMessage = ({ schemaVersion: _, items, lines, rows, ...batch }: BatchMessage): Batch => ({
  ...batch,
  items: rows.map((cells, position) => ({ index: items[position]!, line: lines[position]!, cells })),
});
