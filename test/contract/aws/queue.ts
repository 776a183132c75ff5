import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { until } from '../../e2e/support/until.ts';
import type { OutputName } from './names.ts';
import type { Stage } from './stage.ts';

interface Held {
  readonly waiting: number;
  readonly inFlight: number;
}

/** A queue of the stage, as the facts use it. */
export class TestQueue {
  readonly url: string;
  readonly #sqs: SQSClient;
  readonly #patienceMs: number;

  constructor(stage: Stage, name: OutputName) {
    this.url = stage.called(name);
    this.#sqs = stage.sqs;
    this.#patienceMs = stage.patienceMs;
  }

  /** Sends up to ten bodies in one call. Throws unless all are accepted. */
  async send(...bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.url, Entries }));
    if (Failed.length > 0) throw new Error(`${this.url} refused ${JSON.stringify(Failed)}`);
  }

  /** Receives once: the messages that are in the queue, or arrive within the time. */
  async receive(waitSeconds = 1): Promise<Message[]> {
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return (await this.#sqs.send(receive)).Messages ?? [];
  }

  /** Receives until the awaited messages are among the received ones, and leaves them in the queue. Resolves to all. */
  async receiveUntil(
    awaited: string,
    isEnough: (received: readonly Message[]) => boolean,
  ): Promise<readonly Message[]> {
    return await this.#gather(awaited, isEnough, () => this.receive());
  }

  /** Receives the next message, and leaves it in the queue. Use it only if the queue has at most one. */
  async next(): Promise<Message> {
    const [message] = await this.receiveUntil('a message', ({ length }) => length > 0);
    return message ?? {};
  }

  async delete(...messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
  }

  /** Takes messages out until the awaited ones are among them. Resolves to all that were taken. */
  async takeUntil(awaited: string, isEnough: (taken: readonly Message[]) => boolean): Promise<readonly Message[]> {
    return await this.#gather(awaited, isEnough, async () => {
      const received = await this.receive();
      await this.delete(...received);
      return received;
    });
  }

  async #gather(
    awaited: string,
    isEnough: (gathered: readonly Message[]) => boolean,
    receive: () => Promise<readonly Message[]>,
  ): Promise<readonly Message[]> {
    const gathered: Message[] = [];
    const gather = async () => {
      gathered.push(...(await receive()));
      return gathered;
    };
    return await until(`${awaited} in ${this.url}`, gather, isEnough, this.#patienceMs);
  }

  /** Waits until no message is in the queue or in flight. */
  empty(): Promise<void> {
    return this.holds({ waiting: 0, inFlight: 0 });
  }

  /** Waits until the queue reports so many messages. */
  async holds(expected: Held): Promise<void> {
    await until(
      `${expected.waiting} waiting messages and ${expected.inFlight} in flight in ${this.url}`,
      () => this.#held(),
      ({ waiting, inFlight }) => waiting === expected.waiting && inFlight === expected.inFlight,
      this.#patienceMs,
    );
  }

  async #held(): Promise<Held> {
    const attributes = await this.attributes();
    return {
      waiting: Number(attributes['ApproximateNumberOfMessages']),
      inFlight: Number(attributes['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  async attributes(): Promise<Readonly<Record<string, string>>> {
    const get = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] });
    return (await this.#sqs.send(get)).Attributes ?? {};
  }
}
