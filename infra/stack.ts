import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { PARK_RECEIVE_COUNT, PARK_TRIED_RECEIVE_COUNT, TASK_EVENTS } from '../src/contract/index.ts';
import { access } from './access.ts';
import type { Config } from './config.ts';
import { MAPPINGS, SWEEP } from './constants.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms.ts';
import { FunctionSchedule } from './constructs/function-schedule.ts';
import { ParkedQueue } from './constructs/parked-queue.ts';
import { QueueSubscription } from './constructs/queue-subscription.ts';
import { QueueWithDeadLetters } from './constructs/queue-with-dead-letters.ts';
import { type ServiceFunctions, createServiceFunctions } from './constructs/all-functions.ts';
import { TaskFilesTable, TasksTable } from './constructs/tables.ts';
import { TaskApi } from './constructs/task-api.ts';
import { TaskTopic } from './constructs/task-topic.ts';
import { UploadsBucket } from './constructs/uploads-bucket.ts';
import { stages } from './stages.ts';

export interface TaskServiceStackProps extends StackProps {
  readonly config: Config;
  readonly functionsFolder: string;
}

/** The functions that receive the messages of each queue, and its dead letters. */
const FLOWS = {
  TaskUpload: {
    subscriber: 'upload-task-subscriber',
    mapping: MAPPINGS.taskUpload,
    deadLetterSubscriber: 'upload-task-dead-letter-subscriber',
    deadLetterMapping: MAPPINGS.taskUploadDeadLetters,
    parkReceiveCount: PARK_TRIED_RECEIVE_COUNT,
  },
  CreateTask: {
    subscriber: 'create-task-subscriber',
    mapping: MAPPINGS.createTask,
    deadLetterSubscriber: 'create-task-dead-letter-subscriber',
    deadLetterMapping: MAPPINGS.createTaskDeadLetters,
    parkReceiveCount: PARK_TRIED_RECEIVE_COUNT,
  },
  // The same function twice: an event that SNS could not deliver goes straight to the dead letters, still unprocessed.
  TaskFileComplete: {
    subscriber: 'complete-task-file-subscriber',
    mapping: MAPPINGS.taskFileComplete,
    deadLetterSubscriber: 'complete-task-file-subscriber',
    deadLetterMapping: MAPPINGS.taskFileCompleteDeadLetters,
    parkReceiveCount: PARK_RECEIVE_COUNT,
  },
} as const;

/** The Task Service: upload → split → enqueue → process → announce → complete, and the sweep. */
export class TaskServiceStack extends Stack {
  readonly functions: ServiceFunctions;

  constructor(scope: Construct, id: string, { config, functionsFolder, ...props }: TaskServiceStackProps) {
    super(scope, id, props);
    const stage = stages[config.CDK_ENV];

    const tasks = new TasksTable(this, 'TasksTable', stage);
    const taskFiles = new TaskFilesTable(this, 'TaskFilesTable', stage);
    const parked = new ParkedQueue(this, 'ParkedQueue', Object.keys(FLOWS));
    const queueFor = (flow: keyof typeof FLOWS) => this.#queueFor(flow, parked);
    const taskUpload = queueFor('TaskUpload');
    const createTask = queueFor('CreateTask');
    const taskFileComplete = queueFor('TaskFileComplete');
    const uploads = new UploadsBucket(this, 'UploadsBucket', {
      stage,
      queue: taskUpload.queue,
      allowOrigins: config.CDK_CORS_ALLOW_ORIGIN,
    });
    const taskTopic = new TaskTopic(this, 'TaskTopic');
    taskTopic.subscribe(taskFileComplete, ...Object.values(TASK_EVENTS));

    this.functions = createServiceFunctions(this, {
      functionsFolder,
      stage,
      values: {
        TASKS_TABLE_NAME: tasks.tableName,
        TASK_FILES_TABLE_NAME: taskFiles.tableName,
        UPLOADS_BUCKET_NAME: uploads.bucket.bucketName,
        TASK_UPLOAD_QUEUE_URL: taskUpload.queue.queueUrl,
        CREATE_TASK_QUEUE_URL: createTask.queue.queueUrl,
        TASK_FILE_COMPLETE_QUEUE_URL: taskFileComplete.queue.queueUrl,
        TASK_TOPIC_ARN: taskTopic.topic.topicArn,
        ROWS_PER_MESSAGE: String(config.ROWS_PER_MESSAGE),
        TOLERATED_FAILURE_PERCENTAGE: config.TOLERATED_FAILURE_PERCENTAGE?.toString(),
        TOLERATED_FAILURE_COUNT: config.TOLERATED_FAILURE_COUNT?.toString(),
      },
      arns: {
        tasksTable: tasks.tableArn,
        taskFilesTable: taskFiles.tableArn,
        taskFilesByCreation: taskFiles.byCreationArn,
        taskFilesByChange: taskFiles.byChangeArn,
        uploadsBucket: uploads.bucket.bucketArn,
        uploadedObjects: uploads.objectsArn,
        manifests: uploads.manifestsArn,
        reports: uploads.reportsArn,
        taskUploadQueue: taskUpload.queue.queueArn,
        createTaskQueue: createTask.queue.queueArn,
        taskFileCompleteQueue: taskFileComplete.queue.queueArn,
        taskTopic: taskTopic.topic.topicArn,
      },
    });

    this.#subscribe('TaskUpload', taskUpload, { maxConcurrency: config.CDK_UPLOAD_TASK_CONCURRENCY });
    this.#subscribe('CreateTask', createTask, { maxConcurrency: config.CDK_CREATE_TASK_CONCURRENCY });
    this.#subscribe('TaskFileComplete', taskFileComplete);
    new FunctionSchedule(this, 'SweepSchedule', {
      target: this.functions.sweep,
      enabled: config.CDK_SWEEP === 'on',
      ...SWEEP,
    });

    const { api } = new TaskApi(this, 'TaskApi', {
      stage,
      functions: this.functions,
      allowOrigins: config.CDK_CORS_ALLOW_ORIGIN,
    });

    const actions = this.#alarmActions(config);
    if (actions.length > 0) {
      new Alarms(this, 'Alarms', {
        actions,
        parkedQueue: parked.queue,
        flows: { TaskUpload: taskUpload, CreateTask: createTask, TaskFileComplete: taskFileComplete },
        functions: this.functions,
        api,
      });
    }

    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint });
    new CfnOutput(this, 'UploadsBucketName', { value: uploads.bucket.bucketName });
    new CfnOutput(this, 'TaskTopicArn', { value: taskTopic.topic.topicArn });
  }

  /** Without an action there are no alarms: they would cost money and reach no operator. */
  #alarmActions({ CDK_ALARM_EMAIL: email, CDK_ALARM_TOPIC_ARN: arn }: Config): SnsAction[] {
    return [
      ...(email === undefined ? [] : [new AlarmTopic(this, 'AlarmTopic', email).topic]),
      ...(arn === undefined ? [] : [Topic.fromTopicArn(this, 'AlarmTopicOfTheAccount', arn)]),
    ].map((topic) => new SnsAction(topic));
  }

  #queueFor(flow: keyof typeof FLOWS, { queue: parkedQueue }: ParkedQueue): QueueWithDeadLetters {
    const { subscriber, deadLetterSubscriber, parkReceiveCount } = FLOWS[flow];
    return new QueueWithDeadLetters(this, flow, {
      consumerTimeoutSeconds: access[subscriber].timeoutSeconds,
      deadLetterConsumerTimeoutSeconds: access[deadLetterSubscriber].timeoutSeconds,
      parkReceiveCount,
      parkedQueue,
    });
  }

  #subscribe(
    flow: keyof typeof FLOWS,
    { queue, deadLetterQueue }: QueueWithDeadLetters,
    configured: { readonly maxConcurrency?: number } = {},
  ): void {
    const { subscriber, deadLetterSubscriber, mapping, deadLetterMapping } = FLOWS[flow];
    new QueueSubscription(this, `${flow}Subscription`, {
      queue,
      subscriber: this.functions[subscriber],
      ...mapping,
      ...configured,
    });
    new QueueSubscription(this, `${flow}DeadLetterSubscription`, {
      queue: deadLetterQueue,
      subscriber: this.functions[deadLetterSubscriber],
      ...deadLetterMapping,
    });
  }
}
