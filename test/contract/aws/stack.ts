import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { QueueWithDeadLetters } from '../../../infra/constructs/queue-with-dead-letters.ts';
import { TaskFilesTable } from '../../../infra/constructs/tables.ts';
import { TaskTopic } from '../../../infra/constructs/task-topic.ts';
import { UploadsBucket } from '../../../infra/constructs/uploads-bucket.ts';
import { stages } from '../../../infra/stages.ts';
import { TASK_EVENTS } from '../../../src/contract/index.ts';
import {
  MAX_CONCURRENCY,
  outputOf,
  type OutputName,
  PROBE_TIMEOUT_SECONDS,
  PROBE_VISIBILITY_SECONDS,
  PROBED_QUEUES,
  type ProbedQueue,
  RECEIVES,
} from './names.ts';

const stage = stages.dev;

export interface FactsStackProps extends StackProps {
  /** The folder with the bundled probe as `index.mjs`. */
  readonly probeFolder: string;
}

/**
 * The stack on which the facts are tested. Table, bucket, topic and the queue of the topic's subscription are the
 * service's own constructs, so that their policies are tested too. Queues with short timeouts are created here.
 */
export class FactsStack extends Stack {
  constructor(scope: Construct, id: string, { probeFolder, ...props }: FactsStackProps) {
    super(scope, id, props);
    const table = new TaskFilesTable(this, 'Table', stage);
    this.#name('Table', table.tableName);
    this.#name('Plain', new Queue(this, 'Plain').queueUrl);
    this.#name('Repeating', new Queue(this, 'Repeating', { visibilityTimeout: Duration.seconds(2) }).queueUrl);
    this.#retried();
    this.#events();
    this.#objects();
    this.#probed(this.#probe(probeFolder, table));
  }

  /** Creates three queues, each the dead-letter queue of the one before. Messages are visible again after a second. */
  #retried(): void {
    const visibilityTimeout = Duration.seconds(1);
    const parked = new Queue(this, 'Parked');
    const deadLetters = new Queue(this, 'DeadLetters', {
      visibilityTimeout,
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: parked, maxReceiveCount: RECEIVES.deadLetters },
    });
    const retried = new Queue(this, 'Retried', {
      visibilityTimeout,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES.retried },
    });
    this.#name('Retried', retried.queueUrl);
    this.#name('DeadLetters', deadLetters.queueUrl);
    this.#name('Parked', parked.queueUrl);
  }

  #events(): void {
    const filtered = new QueueWithDeadLetters(this, 'Filtered', {
      consumerTimeoutSeconds: PROBE_TIMEOUT_SECONDS,
      deadLetterConsumerTimeoutSeconds: PROBE_TIMEOUT_SECONDS,
      parkReceiveCount: RECEIVES.deadLetters,
      parkedQueue: new Queue(this, 'FilteredParked'),
    });
    const all = new Queue(this, 'AllEvents');
    const taskTopic = new TaskTopic(this, 'Topic');
    taskTopic.subscribe(filtered, TASK_EVENTS.completed);
    taskTopic.topic.addSubscription(new SqsSubscription(all, { rawMessageDelivery: true }));
    this.#name('FilteredEvents', filtered.queue.queueUrl);
    this.#name('AllEvents', all.queueUrl);
    this.#name('Topic', taskTopic.topic.topicArn);
  }

  #objects(): void {
    const queue = new Queue(this, 'ObjectEvents');
    const { bucket } = new UploadsBucket(this, 'Uploads', { stage, queue, allowOrigins: [] });
    this.#name('ObjectEvents', queue.queueUrl);
    this.#name('Bucket', bucket.bucketName);
  }

  #probe(folder: string, table: TaskFilesTable): LambdaFunction {
    const probe = new LambdaFunction(this, 'Probe', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(folder),
      timeout: Duration.seconds(PROBE_TIMEOUT_SECONDS),
      memorySize: 512,
      environment: { TABLE_NAME: table.tableName },
      // As for the service's own splitter, which sends to the queue that invokes it.
      recursiveLoop: RecursiveLoop.ALLOW,
      // Lambda would create a log group that remains after the stack.
      logGroup: new LogGroup(this, 'ProbeLogs', { removalPolicy: RemovalPolicy.DESTROY }),
    });
    // The probe gets no other right, because one fact is that other calls are refused.
    table.grant(probe, 'dynamodb:PutItem');
    return probe;
  }

  #probed(probe: LambdaFunction): void {
    // `Object.entries` loses the type of the names.
    for (const [name, batchSize] of Object.entries(PROBED_QUEUES) as [ProbedQueue, number][]) {
      const queue = new Queue(this, name, { visibilityTimeout: Duration.seconds(PROBE_VISIBILITY_SECONDS) });
      probe.addEventSource(
        new SqsEventSource(queue, {
          batchSize,
          maxConcurrency: MAX_CONCURRENCY,
          reportBatchItemFailures: true,
          // Without a window a batch may have one message of many.
          ...(batchSize > 1 && { maxBatchingWindow: Duration.seconds(1) }),
        }),
      );
      this.#name(name, queue.queueUrl);
      if (name === 'Relaying') this.#relay(probe, queue);
    }
  }

  #relay(probe: LambdaFunction, queue: Queue): void {
    probe.addEnvironment('RELAY_QUEUE_URL', queue.queueUrl);
    queue.grantSendMessages(probe);
  }

  /** Adds an output with a name of names.ts. */
  #name(name: OutputName, value: string): void {
    new CfnOutput(this, outputOf(name), { value });
  }
}
