import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SCHEMA_VERSION } from '../../contract/index.ts';
import type { Contents } from '../../engine/index.ts';

const contentItem = z.object({ jobId: z.string() });

/** The contents that were uploaded, in the TaskFiles table, one item for each. */
export class DynamoContents implements Contents {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async note(tenant: string, digest: string, jobId: string): Promise<string | undefined> {
    const Item = { pk: `content#${tenant}#${digest}`, sk: 'content', jobId, schemaVersion: SCHEMA_VERSION };
    const { Attributes } = await this.#client.send(
      new PutCommand({ TableName: this.#table, Item, ReturnValues: 'ALL_OLD' }),
    );
    return Attributes && contentItem.parse(Attributes).jobId;
  }
}
