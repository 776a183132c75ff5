import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { taskEvent, type TaskEvent } from '../../../src/contract/index.ts';
import { until } from './until.ts';
import type { Service } from './service.ts';

/** Receives everything that is published on the Task Topic, through a queue of its own. */
export class TopicListener {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #heard: TaskEvent[] = [];

  private constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  static async subscribe({ cloud: { endpoints, stack } }: Service): Promise<TopicListener> {
    const credentials = { accessKeyId: 'e2e', secretAccessKey: 'e2e' };
    const sqs = new SQSClient({ region: stack.region, endpoint: endpoints.sqs, credentials });
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'E2eTopicListener' }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const sns = new SNSClient({ region: stack.region, endpoint: endpoints.sns, credentials });
    await sns.send(
      new SubscribeCommand({
        TopicArn: stack.outputs['TaskTopicArn'],
        Protocol: 'sqs',
        Endpoint: Attributes?.['QueueArn'],
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    sns.destroy();
    return new TopicListener(sqs, QueueUrl);
  }

  /** Resolves to the events of a task file once there is one. Each also has its name as a message attribute. */
  of(taskFileId: string): Promise<readonly TaskEvent[]> {
    return until(
      `an event of task file ${taskFileId}`,
      async () => {
        await this.#listen();
        return this.#heard.filter((event) => event.taskFileId === taskFileId);
      },
      (events) => events.length > 0,
    );
  }

  close(): void {
    this.#sqs.destroy();
  }

  async #listen(): Promise<void> {
    for (;;) {
      const command = new ReceiveMessageCommand({
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      const { Messages = [] } = await this.#sqs.send(command);
      if (Messages.length === 0) return;
      this.#heard.push(...Messages.map(readEvent));
    }
  }
}

function readEvent({ Body = '', MessageAttributes }: Message): TaskEvent {
  const event = taskEvent.parse(JSON.parse(Body));
  const attribute = MessageAttributes?.['event']?.StringValue;
  if (attribute !== event.event) throw new Error(`The attribute says ${attribute}, the body ${event.event}`);
  return event;
}
