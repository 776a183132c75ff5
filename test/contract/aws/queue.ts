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

interface Counts {
  readonly waiting: number;
  readonly inFlight: number;
}

/** A queue of the stage with the operations that the facts need. */
export class TestQueue {
  readonly url: string;
  readonly #sqs: SQSClient;
  readonly #patienceMs: number;

  constructor(stage: Stage, name: OutputName) {
    this.url = stage.called(name);
    this.#sqs = stage.sqs;
    this.#patienceMs = stage.patienceMs;
  }

  /** Sends up to ten bodies in one call. Throws if one is refused. */
  async send(...bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.url, Entries }));
    if (Failed.length > 0) throw new Error(`${this.url} refused ${JSON.stringify(Failed)}`);
  }

  /** Receives once, and waits up to `waitSeconds` for a message. */
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

  /** Receives without deleting until the condition holds, and returns all received messages. */
  async receiveUntil(
    awaited: string,
    isEnough: (received: readonly Message[]) => boolean,
  ): Promise<readonly Message[]> {
    return await this.#collect(awaited, isEnough, () => this.receive());
  }

  /** Receives the next message without deleting it. For queues with at most one message. */
  async next(): Promise<Message> {
    const [message] = await this.receiveUntil('a message', ({ length }) => length > 0);
    return message ?? {};
  }

  async delete(...messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
  }

  /** Receives and deletes until the condition holds, and returns all received messages. */
  async takeUntil(awaited: string, isEnough: (taken: readonly Message[]) => boolean): Promise<readonly Message[]> {
    return await this.#collect(awaited, isEnough, async () => {
      const received = await this.receive();
      await this.delete(...received);
      return received;
    });
  }

  async #collect(
    awaited: string,
    isEnough: (collected: readonly Message[]) => boolean,
    receive: () => Promise<readonly Message[]>,
  ): Promise<readonly Message[]> {
    const collected: Message[] = [];
    const collect = async () => {
      collected.push(...(await receive()));
      return collected;
    };
    return await until(`${awaited} in ${this.url}`, collect, isEnough, this.#patienceMs);
  }

  /** Waits until no message is waiting or in flight. */
  empty(): Promise<void> {
    return this.holds({ waiting: 0, inFlight: 0 });
  }

  /** Waits until the queue reports these numbers of messages. */
  async holds(expected: Counts): Promise<void> {
    await until(
      `${expected.waiting} waiting messages and ${expected.inFlight} in flight in ${this.url}`,
      () => this.#readCounts(),
      ({ waiting, inFlight }) => waiting === expected.waiting && inFlight === expected.inFlight,
      this.#patienceMs,
    );
  }

  async #readCounts(): Promise<Counts> {
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
