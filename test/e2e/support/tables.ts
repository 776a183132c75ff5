import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '../../../local/cloud.ts';

/** Edits the tables, to create states that otherwise need hours, or a death at the right moment. */
export class Tables implements Disposable {
  readonly #client: DynamoDBDocumentClient;
  readonly #tasks: string;
  readonly #taskFiles: string;

  constructor({ endpoints, stack }: LocalCloud) {
    const credentials = { accessKeyId: 'e2e', secretAccessKey: 'e2e' };
    const client = new DynamoDBClient({ region: stack.region, endpoint: endpoints.dynamodb, credentials });
    this.#client = DynamoDBDocumentClient.from(client);
    const environments = [...stack.functions.values()].map(({ environment }) => environment);
    const named = (variable: string): string => environments.find((one) => variable in one)?.[variable] ?? '';
    this.#tasks = named('TASKS_TABLE_NAME');
    this.#taskFiles = named('TASK_FILES_TABLE_NAME');
  }

  /** Makes a job look unchanged for so long. */
  age(jobId: string, milliseconds: number): Promise<void> {
    const then = Date.now() - milliseconds;
    return this.#update(jobId, 'SET changedAt = :then, createdAt = :then', { ':then': then });
  }

  /** Makes the end of a job look unannounced, as if a function died before it noted the announcement. */
  forgetAnnouncement(jobId: string): Promise<void> {
    return this.#update(jobId, 'REMOVE isAnnounced');
  }

  /** Makes a redrive end before this row, as if it had no room for the rest. */
  cutRedrive(runId: string, restFrom: number): Promise<void> {
    return this.#update(runId, 'SET redriveOf.restFrom = :from', { ':from': restFrom });
  }

  /** Voids a task as a delivery does that lost to another, and died before it restored the task. */
  async voidTask(id: string, batch: number): Promise<void> {
    const Item = { pk: `default#${id.slice(-1)}`, sk: `${id}#edit`, kind: 'voided', version: 0, run: 0, batch };
    await this.#client.send(new PutCommand({ TableName: this.#tasks, Item: { ...Item, schemaVersion: 1 } }));
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  async #update(jobId: string, UpdateExpression: string, values?: Readonly<Record<string, number>>): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#taskFiles,
        Key: { pk: `job#default#${jobId}`, sk: 'job' },
        UpdateExpression,
        ConditionExpression: 'attribute_exists(pk)',
        ...(values && { ExpressionAttributeValues: values }),
      }),
    );
  }
}
