import { PutItemCommand, paginateQuery, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One message in one invocation of the probe. */
export interface Entry {
  readonly name: string;
  readonly isMarked: boolean;
  readonly messageId: string;
  readonly receiveCount: string;
  /** The request id of the invocation. */
  readonly invocation: string;
  /** The milliseconds since 1970, by the clock of the sandbox. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The remaining time when the invocation began, from its context. */
  readonly remainingMs: number;
  /** The name of the error of a call that the probe's role does not allow. */
  readonly refusal?: string | undefined;
}

/** The deliveries to the probe, by scenario, stored so that tests can read them. */
export class Journal {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async write(scenario: string, entry: Entry): Promise<void> {
    const Item = {
      pk: { S: pkOf(scenario) },
      sk: { S: `${entry.messageId}#${entry.invocation}` },
      entry: { S: JSON.stringify(entry) },
    };
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async read(scenario: string): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pkOf(scenario) } },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      entries.push(...Items.map(({ entry }) => JSON.parse(entry?.S ?? '') as Entry));
    }
    return entries;
  }
}

const pkOf = (scenario: string): string => `journal#${scenario}`;
