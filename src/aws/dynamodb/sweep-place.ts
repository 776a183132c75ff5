import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ListingPlace } from '../s3/listing.ts';

const KEY = { pk: 'sweep', sk: 'place' };
const placeItem = z.object({ after: z.string().exactOptional() });

/** Where the sweep goes on, in the TaskFiles table. */
export class DynamoSweepPlace implements ListingPlace {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(): Promise<string | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: KEY }));
    return Item && placeItem.parse(Item).after;
  }

  async write(after: string | undefined): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...KEY, after } }));
  }
}
