import { PutCommand, QueryCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  emptySegment,
  type BatchFailures,
  type BatchOutcome,
  type Clock,
  type Failures,
  type Ledger,
  type RecordResult,
  type SegmentKey,
  type SegmentRecord,
} from '../../engine/index.ts';
import { batchGet } from './batch-get.ts';
import { ifCondition } from './conditional.ts';
import { allOf, lacks, toExpressions } from './expressions.ts';
import {
  FAILURES_END,
  failuresOfItem,
  failuresSk,
  ledgerKeyOf,
  referenceText,
  segmentOfItem,
  segmentPk,
} from './segment-item.ts';

/** Ledger records and failures in the TaskFiles table. */
export class DynamoLedger implements Ledger, Failures {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async record(key: SegmentKey, outcomes: readonly BatchOutcome[]): Promise<RecordResult> {
    const result = await ifCondition(this.#client.send(this.#recordCommand(key, outcomes)));
    if (result) return { recorded: true, segment: segmentOfItem(key, result.Attributes) };
    const [segment] = await this.read([key]);
    return { recorded: false, segment: segment ?? emptySegment(key) };
  }

  /**
   * One write for any number of batches. The set of recorded batches makes it exact: a batch that is in it already
   * refuses the whole write, so nothing is ever counted twice.
   */
  #recordCommand(key: SegmentKey, outcomes: readonly BatchOutcome[]): UpdateCommand {
    const sum = (of: 'succeeded' | 'failed' | 'bytes'): number =>
      outcomes.reduce((total, outcome) => total + outcome[of], 0);
    const references = outcomes.flatMap(({ batch, failuresReference }) =>
      failuresReference === undefined ? [] : [referenceText(batch, failuresReference)],
    );
    return new UpdateCommand({
      TableName: this.#table,
      Key: ledgerKeyOf(key),
      ...toExpressions({
        update: {
          set: { changedAt: this.#clock.now() },
          add: {
            batches: new Set(outcomes.map(({ batch }) => batch)),
            succeeded: sum('succeeded'),
            failed: sum('failed'),
            bytes: sum('bytes'),
            // DynamoDB has no empty sets.
            references: references.length > 0 ? new Set(references) : undefined,
          },
        },
        condition: allOf(...outcomes.map(({ batch }) => lacks('batches', batch))),
      }),
      ReturnValues: 'ALL_NEW',
    });
  }

  async read(keys: readonly SegmentKey[]): Promise<readonly SegmentRecord[]> {
    if (keys.length === 0) return [];
    const items = await batchGet(this.#client, this.#table, keys.map(ledgerKeyOf));
    const byPk = new Map(items.map((item) => [item['pk'], item]));
    return keys.map((key) => {
      const item = byPk.get(segmentPk(key));
      return item ? segmentOfItem(key, item) : emptySegment(key);
    });
  }

  async keep(key: SegmentKey, failures: BatchFailures): Promise<void> {
    const sk = failuresSk(failures.batch, failures.reference);
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { pk: segmentPk(key), sk, ...failures } }));
  }

  async *list(key: SegmentKey, fromBatch: number): AsyncGenerator<BatchFailures> {
    let from: Record<string, unknown> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :end',
        ExpressionAttributeValues: { ':pk': segmentPk(key), ':first': failuresSk(fromBatch), ':end': FAILURES_END },
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      });
      const { Items, LastEvaluatedKey } = await this.#client.send(query);
      yield* (Items ?? []).map(failuresOfItem);
      from = LastEvaluatedKey;
    } while (from);
  }
}
