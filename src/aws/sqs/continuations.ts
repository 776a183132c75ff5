import type { SQSClient } from '@aws-sdk/client-sqs';
import { SCHEMA_VERSION, type ContinuationMessage } from '../../contract/index.ts';
import { toJsonText, type Continuations, type Continuation } from '../../engine/index.ts';
import { sendAll } from './send.ts';

/** Sends continuations as messages of the Task Upload Queue. */
export class SqsContinuations implements Continuations {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(continuation: Continuation): Promise<void> {
    const message: ContinuationMessage = { schemaVersion: SCHEMA_VERSION, continue: continuation };
    await sendAll(this.#client, this.#queueUrl, [toJsonText(message)]);
  }
}
