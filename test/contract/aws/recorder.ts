import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** Makes the ledger's update in plain DynamoDB calls: it counts batches together with the set that contains them. */
export class Recorder {
  static readonly ITEMS_PER_BATCH = 25;
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #key: Item;

  constructor(client: DynamoDBClient, table: string, key: Item) {
    this.#client = client;
    this.#table = table;
    this.#key = key;
  }

  /** Records batches. Resolves to the item afterwards, or to undefined if one of the batches was already recorded. */
  async record(batches: readonly number[], succeeded: number): Promise<Item | undefined> {
    const names = batches.map((_, index) => `:b${index}`);
    const update = new UpdateItemCommand({
      TableName: this.#table,
      Key: this.#key,
      UpdateExpression: 'ADD batches :batches, succeeded :succeeded',
      ConditionExpression: names.map((name) => `NOT contains(batches, ${name})`).join(' AND '),
      ExpressionAttributeValues: {
        ':batches': { NS: batches.map(String) },
        ':succeeded': { N: String(succeeded) },
        ...Object.fromEntries(batches.map((batch, index) => [`:b${index}`, { N: String(batch) }])),
      },
      ReturnValues: 'ALL_NEW',
    });
    try {
      return (await this.#client.send(update)).Attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  /** Records the batches that are not recorded yet, and reads again whenever another recorder was faster. */
  async recordAll(batches: readonly number[]): Promise<void> {
    let left = batches;
    while (left.length > 0 && !(await this.record(left, left.length * Recorder.ITEMS_PER_BATCH))) {
      const { batches: recorded } = await this.read();
      left = left.filter((batch) => !recorded.includes(batch));
    }
  }

  async read(): Promise<{ readonly batches: readonly number[]; readonly succeeded: number }> {
    const get = new GetItemCommand({ TableName: this.#table, Key: this.#key, ConsistentRead: true });
    const { Item = {} } = await this.#client.send(get);
    return { batches: (Item['batches']?.NS ?? []).map(Number), succeeded: Number(Item['succeeded']?.N ?? 0) };
  }
}
