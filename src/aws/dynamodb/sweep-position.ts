import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ListingPositions, PositionInListing } from '../s3/listing.ts';

const KEY = { pk: 'sweep', sk: 'place' };
const positionItem = z.object({ after: z.string().exactOptional(), tries: z.number().int().min(0).default(0) });
const BEGINNING: PositionInListing = { tries: 0 };

/** Where the sweep continues to list the bucket, in the TaskFiles table. */
export class DynamoSweepPosition implements ListingPositions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** If the stored position cannot be read, the listing begins again. */
  async read(): Promise<PositionInListing> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: KEY }));
    return positionItem.safeParse(Item).data ?? BEGINNING;
  }

  async write(position: PositionInListing): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...KEY, ...position } }));
  }
}
