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
  /** The folder that holds the bundled probe as `index.mjs`. */
  readonly probeFolder: string;
}

/**
 * The stack for the tests of the facts. Table, bucket, topic and the queue of the subscription are the service's own
 * constructs, so their policies are tested too. Queues with short timeouts are made here.
 */
export class FactsStack extends Stack {
  constructor(scope: Construct, id: string, { probeFolder, ...props }: FactsStackProps) {
    super(scope, id, props);
    const table = new TaskFilesTable(this, 'Table', stage);
    this.#addOutput('Table', table.tableName);
    this.#addOutput('Plain', new Queue(this, 'Plain').queueUrl);
    this.#addOutput('Repeating', new Queue(this, 'Repeating', { visibilityTimeout: Duration.seconds(2) }).queueUrl);
    this.#retried();
    this.#events();
    this.#objects();
    this.#probed(this.#probe(probeFolder, table));
  }

  /** Three queues in a row, each the dead-letter queue of the one before, with a visibility timeout of one second. */
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
    this.#addOutput('Retried', retried.queueUrl);
    this.#addOutput('DeadLetters', deadLetters.queueUrl);
    this.#addOutput('Parked', parked.queueUrl);
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
    this.#addOutput('FilteredEvents', filtered.queue.queueUrl);
    this.#addOutput('AllEvents', all.queueUrl);
    this.#addOutput('Topic', taskTopic.topic.topicArn);
  }

  #objects(): void {
    const queue = new Queue(this, 'ObjectEvents');
    const { bucket } = new UploadsBucket(this, 'Uploads', { stage, queue, allowOrigins: [] });
    this.#addOutput('ObjectEvents', queue.queueUrl);
    this.#addOutput('Bucket', bucket.bucketName);
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
      // The service's splitter also sends to its own queue.
      recursiveLoop: RecursiveLoop.ALLOW,
      // A log group that Lambda creates would remain after the stack.
      logGroup: new LogGroup(this, 'ProbeLogs', { removalPolicy: RemovalPolicy.DESTROY }),
    });
    // Grants no other action, because one of the facts is that others are refused.
    table.grant(probe, 'dynamodb:PutItem');
    return probe;
  }

  #probed(probe: LambdaFunction): void {
    // `Object.entries` loses the types of the names.
    for (const [name, batchSize] of Object.entries(PROBED_QUEUES) as [ProbedQueue, number][]) {
      const queue = new Queue(this, name, { visibilityTimeout: Duration.seconds(PROBE_VISIBILITY_SECONDS) });
      probe.addEventSource(
        new SqsEventSource(queue, {
          batchSize,
          maxConcurrency: MAX_CONCURRENCY,
          reportBatchItemFailures: true,
          // The window lets a batch fill: one poll may return one message of many.
          ...(batchSize > 1 && { maxBatchingWindow: Duration.seconds(1) }),
        }),
      );
      this.#addOutput(name, queue.queueUrl);
      if (name === 'Relaying') this.#relay(probe, queue);
    }
  }

  #relay(probe: LambdaFunction, queue: Queue): void {
    probe.addEnvironment('RELAY_QUEUE_URL', queue.queueUrl);
    queue.grantSendMessages(probe);
  }

  /** Adds an output with a name from names.ts. */
  #addOutput(name: OutputName, value: string): void {
    new CfnOutput(this, outputOf(name), { value });
  }
}
