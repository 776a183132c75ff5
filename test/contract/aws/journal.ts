import { PutItemCommand, paginateQuery, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One message in one invocation of the probe. */
export interface Entry {
  readonly name: string;
  readonly isMarked: boolean;
  readonly messageId: string;
  readonly receiveCount: string;
  /** The request id of the invocation. */
  readonly invocation: string;
  /** Milliseconds since 1970, by the clock of the sandbox. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The time left when the invocation began, by its context. */
  readonly remainingMs: number;
  /** The name of the error that refused a call for which the probe's role lacks the right. */
  readonly refusal?: string | undefined;
}

/** Records the messages that the probe received, by scenario, so that tests can read them from outside. */
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
