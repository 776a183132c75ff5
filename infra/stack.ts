import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TASK_EVENTS } from '../src/contract/index.ts';
import { access } from './access.ts';
import type { Config } from './config.ts';
import { MAPPINGS } from './constants.ts';
import { QueueSubscription } from './constructs/queue-subscription.ts';
import { QueueWithDeadLetters } from './constructs/queue-with-dead-letters.ts';
import { type ServiceFunctions, serviceFunctions } from './constructs/service-functions.ts';
import { TaskFilesTable, TasksTable } from './constructs/tables.ts';
import { TaskApi } from './constructs/task-api.ts';
import { TaskTopic } from './constructs/task-topic.ts';
import { UploadsBucket } from './constructs/uploads-bucket.ts';
import { stages } from './stages.ts';

export interface TaskServiceStackProps extends StackProps {
  readonly config: Config;
  readonly functionsFolder: string;
}

/** The Task Service: upload → split → enqueue → process → announce → complete. */
export class TaskServiceStack extends Stack {
  readonly functions: ServiceFunctions;

  constructor(scope: Construct, id: string, { config, functionsFolder, ...props }: TaskServiceStackProps) {
    super(scope, id, props);
    const stage = stages[config.CDK_ENV];

    const tasks = new TasksTable(this, 'TasksTable', stage);
    const taskFiles = new TaskFilesTable(this, 'TaskFilesTable', stage);
    const taskUpload = this.#queueFor('TaskUpload', 'upload-task-subscriber');
    const createTask = this.#queueFor('CreateTask', 'create-task-subscriber');
    const taskFileComplete = this.#queueFor('TaskFileComplete', 'complete-task-file-subscriber');
    const uploads = new UploadsBucket(this, 'UploadsBucket', { stage, queue: taskUpload.queue });
    const taskTopic = new TaskTopic(this, 'TaskTopic');
    taskTopic.subscribe(taskFileComplete, TASK_EVENTS.completed);

    this.functions = serviceFunctions(this, {
      functionsFolder,
      stage,
      values: {
        TASKS_TABLE_NAME: tasks.tableName,
        TASK_FILES_TABLE_NAME: taskFiles.tableName,
        UPLOADS_BUCKET_NAME: uploads.bucket.bucketName,
        TASK_UPLOAD_QUEUE_URL: taskUpload.queue.queueUrl,
        CREATE_TASK_QUEUE_URL: createTask.queue.queueUrl,
        TASK_TOPIC_ARN: taskTopic.topic.topicArn,
        ROWS_PER_MESSAGE: String(config.ROWS_PER_MESSAGE),
      },
      arns: {
        tasksTable: tasks.tableArn,
        taskFilesTable: taskFiles.tableArn,
        taskFilesByCreation: taskFiles.byCreationArn,
        uploadsBucket: uploads.bucket.bucketArn,
        uploadedObjects: uploads.objectsArn,
        taskUploadQueue: taskUpload.queue.queueArn,
        createTaskQueue: createTask.queue.queueArn,
        taskTopic: taskTopic.topic.topicArn,
      },
    });

    new QueueSubscription(this, 'TaskUploadSubscription', {
      queue: taskUpload.queue,
      subscriber: this.functions['upload-task-subscriber'],
      ...MAPPINGS.taskUpload,
    });
    new QueueSubscription(this, 'CreateTaskSubscription', {
      queue: createTask.queue,
      subscriber: this.functions['create-task-subscriber'],
      ...MAPPINGS.createTask,
    });
    new QueueSubscription(this, 'TaskFileCompleteSubscription', {
      queue: taskFileComplete.queue,
      subscriber: this.functions['complete-task-file-subscriber'],
      ...MAPPINGS.taskFileComplete,
    });

    const { api } = new TaskApi(this, 'TaskApi', {
      stage,
      functions: this.functions,
      allowOrigins: config.CDK_CORS_ALLOW_ORIGIN,
    });

    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint });
    new CfnOutput(this, 'UploadsBucketName', { value: uploads.bucket.bucketName });
    new CfnOutput(this, 'TaskTopicArn', { value: taskTopic.topic.topicArn });
  }

  #queueFor(id: string, subscriber: keyof typeof access): QueueWithDeadLetters {
    return new QueueWithDeadLetters(this, id, { consumerTimeoutSeconds: access[subscriber].timeoutSeconds });
  }
}
