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
  parseFailures,
  toFailuresSk,
  toLedgerKey,
  toReferenceText,
  parseSegment,
  toSegmentPk,
} from './segment-item.ts';

/** The ledger and the failures, in the TaskFiles table. */
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
    if (result) return { recorded: true, segment: parseSegment(key, result.Attributes) };
    const [segment] = await this.read([key]);
    return { recorded: false, segment: segment ?? emptySegment(key) };
  }

  /**
   * Any number of batches is one write. DynamoDB refuses all of it if one of them is in the set of recorded batches, so
   * no batch is counted twice.
   */
  #recordCommand(key: SegmentKey, outcomes: readonly BatchOutcome[]): UpdateCommand {
    const sum = (of: 'succeeded' | 'failed' | 'bytes'): number =>
      outcomes.reduce((total, outcome) => total + outcome[of], 0);
    const references = outcomes.flatMap(({ batch, failuresReference }) =>
      failuresReference === undefined ? [] : [toReferenceText(batch, failuresReference)],
    );
    return new UpdateCommand({
      TableName: this.#table,
      Key: toLedgerKey(key),
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
    const items = await batchGet(this.#client, this.#table, keys.map(toLedgerKey));
    const byPk = new Map(items.map((item) => [item['pk'], item]));
    return keys.map((key) => {
      const item = byPk.get(toSegmentPk(key));
      return item ? parseSegment(key, item) : emptySegment(key);
    });
  }

  async keep(key: SegmentKey, failures: BatchFailures): Promise<void> {
    const sk = toFailuresSk(failures.batch, failures.reference);
    await this.#client.send(
      new PutCommand({ TableName: this.#table, Item: { pk: toSegmentPk(key), sk, ...failures } }),
    );
  }

  async *list(key: SegmentKey, fromBatch: number): AsyncGenerator<BatchFailures> {
    let from: Record<string, unknown> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :end',
        ExpressionAttributeValues: { ':pk': toSegmentPk(key), ':first': toFailuresSk(fromBatch), ':end': FAILURES_END },
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      });
      const { Items, LastEvaluatedKey } = await this.#client.send(query);
      yield* (Items ?? []).map(parseFailures);
      from = LastEvaluatedKey;
    } while (from);
  }
}
