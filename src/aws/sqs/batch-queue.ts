import type { SQSClient } from '@aws-sdk/client-sqs';
import { SCHEMA_VERSION, type BatchMessage } from '../../contract/index.ts';
import { toJsonText, type Batch, type BatchQueue, type Fault } from '../../engine/index.ts';
import { sendAll } from './send.ts';

/** Sends batches as messages of the Create Task Queue. */
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
      batches.map((batch) => toJsonText(toBatchMessage(batch))),
    );
  }
}

export function toBatchMessage({ items, ...batch }: Batch): BatchMessage {
  const faults = items.flatMap(({ fault }, position): [number, Fault][] => (fault ? [[position, fault]] : []));
  return {
    schemaVersion: SCHEMA_VERSION,
    ...batch,
    items: items.map(({ index }) => index),
    lines: items.map(({ line }) => line),
    rows: items.map(({ cells }) => [...cells]),
    ...(faults.length > 0 && { faults }),
  };
}

export function toBatch({ schemaVersion: _, items, lines, rows, faults, ...batch }: BatchMessage): Batch {
  const faultOf = new Map(faults);
  return {
    ...batch,
    items: rows.map((cells, position) => {
      const fault = faultOf.get(position);
      return { index: items[position]!, line: lines[position]!, cells, ...(fault && { fault }) };
    }),
  };
}
