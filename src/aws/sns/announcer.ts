import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { EVENT_ATTRIBUTE, SCHEMA_VERSION, TASK_EVENTS, type TaskEvent } from '../../contract/index.ts';
import { toJsonText, type Announcer, type JobEvent } from '../../engine/index.ts';

/** Publishes events to the Task Topic. */
export class SnsAnnouncer implements Announcer {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async announce(event: JobEvent): Promise<void> {
    const message = toEventMessage(event);
    const publish = new PublishCommand({
      TopicArn: this.#topicArn,
      // The message ends in a queue, which refuses some characters; the text of a failure may quote a header with them.
      Message: toJsonText(message),
      MessageAttributes: { [EVENT_ATTRIBUTE]: { DataType: 'String', StringValue: message.event } },
    });
    await this.#client.send(publish);
  }
}

export const toEventMessage = ({
  kind,
  tenant,
  jobId,
  originId,
  eventId,
  createdAt,
  counts,
  failure,
}: JobEvent): TaskEvent => ({
  schemaVersion: SCHEMA_VERSION,
  event: TASK_EVENTS[kind],
  eventId,
  tenant,
  taskFileId: originId,
  runId: jobId,
  createdAt: new Date(createdAt).toISOString(),
  ...(counts && { recordCount: counts.items, processedCount: counts.succeeded, failedCount: counts.failed }),
  ...(failure && { failure }),
});
