import type { SQSClient } from '@aws-sdk/client-sqs';
import { SCHEMA_VERSION } from '../../contract/index.ts';
import { toJsonText, type JobKey } from '../../engine/index.ts';
import type { ReportContinuations, ReportDraft } from '../../tasks/index.ts';
import { sendAll } from './send.ts';

/** Sends unfinished reports as messages of the TaskFile Complete Queue. */
export class SqsReportContinuations implements ReportContinuations {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send({ tenant, jobId }: JobKey, draft: ReportDraft): Promise<void> {
    const message = { schemaVersion: SCHEMA_VERSION, report: { tenant, taskFileId: jobId, draft } };
    await sendAll(this.#client, this.#queueUrl, [toJsonText(message)]);
  }
}
