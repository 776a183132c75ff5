import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { timeFactor } from '../../local/time-factor.ts';
import type { CloudSettings, FromCloud, ToCloud } from './messages.ts';

/** The visibility timeout of every queue, after which a killed worker's messages come back. A worker needs far less. */
const VISIBILITY_SECONDS = Math.max(12, Math.ceil(2 * timeFactor()));

/** The time of a freeze: longer than every visibility timeout, and than the time limit of every function. */
const FREEZE_SECONDS = 15;

/** A local cloud on disk that can be killed at any moment, and started again on the same folder and port. */
export class KillableCloud implements AsyncDisposable {
  readonly #dataDir: string;
  #child: ChildProcess | undefined;
  #port = 0;
  #message: PromiseWithResolvers<FromCloud> = Promise.withResolvers();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Resolves to the address of the service. */
  async start(deliveries: number): Promise<string> {
    this.#spawn(deliveries);
    const ready = await this.#message.promise;
    if (!('apiUrl' in ready)) throw new Error('the cloud sent a message before it was ready');
    this.#port = Number(new URL(ready.apiUrl).port);
    await lowerVisibilityTimeouts(ready.sqs);
    return ready.apiUrl;
  }

  /** Starts the cloud, and kills it after this time, however far it is by then. */
  async killWhileStarting(milliseconds: number): Promise<void> {
    this.#spawn(1);
    // If it ends without the kill, the next start ends too, and reports why.
    this.#message.promise.catch(() => undefined);
    await pause(milliseconds);
    await this.kill();
  }

  /** Stops the whole process, and continues it when every message in flight is visible again. */
  async freeze(): Promise<void> {
    this.#child?.kill('SIGSTOP');
    await pause(FREEZE_SECONDS * 1_000);
    this.#child?.kill('SIGCONT');
  }

  #spawn(deliveries: number): void {
    const settings: CloudSettings = { dataDir: this.#dataDir, port: this.#port, deliveries };
    this.#message = Promise.withResolvers();
    // The cloud does not need the Node options of Jest.
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = fork(join(import.meta.dirname, 'cloud-process.ts'), [JSON.stringify(settings)], { env });
    child.on('message', (message: FromCloud) => this.#message.resolve(message));
    child.once('exit', (code) => this.#fail(code));
    this.#child = child;
  }

  #fail(code: number | null): void {
    const failure = new Error(`the cloud ended by itself, with exit code ${code}`);
    this.#message.reject(failure);
    // The next caller gets the error too. Until then it is not an unhandled rejection.
    this.#message = Promise.withResolvers();
    this.#message.promise.catch(() => undefined);
    this.#message.reject(failure);
  }

  /** Ends one sandbox of a function in the middle of its work. Resolves to false if none is at work. */
  async crash(functionName: string): Promise<boolean> {
    this.#message = Promise.withResolvers();
    this.#child?.send({ crash: functionName } satisfies ToCloud);
    const response = await this.#message.promise;
    return 'crashed' in response && response.crashed;
  }

  /** Kills emulators, queues, sandboxes and service at once, as `kill -9` does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

async function lowerVisibilityTimeouts(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'chaos', secretAccessKey: 'chaos' };
  const sqs = new SQSClient({ region: 'us-east-1', endpoint, credentials });
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  for (const QueueUrl of QueueUrls) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    );
    if (Number(Attributes?.['VisibilityTimeout']) <= VISIBILITY_SECONDS) continue;
    const lower = { QueueUrl, Attributes: { VisibilityTimeout: String(VISIBILITY_SECONDS) } };
    await sqs.send(new SetQueueAttributesCommand(lower));
  }
  sqs.destroy();
}
