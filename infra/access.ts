import { type EnvironmentName, type FunctionName, variable } from '../src/contract/index.ts';
import { TIMEOUT_SECONDS } from './constants.ts';

/** The resources that a function's role may use. */
export const RESOURCES = [
  'tasksTable',
  'taskFilesTable',
  'taskFilesByCreation',
  'taskFilesByChange',
  'uploadsBucket',
  'uploadedObjects',
  'manifests',
  'reports',
  'taskUploadQueue',
  'createTaskQueue',
  'taskFileCompleteQueue',
  'taskTopic',
] as const;
export type ResourceName = (typeof RESOURCES)[number];

type Action = `${'dynamodb' | 's3' | 'sqs' | 'sns'}:${string}`;

/** What one function may do. */
export interface FunctionAccess {
  /** The variables that it gets. */
  readonly environment: readonly EnvironmentName[];
  /** Exact actions, never a wildcard: a leaked role can do no more than its function does. */
  readonly actions: Readonly<Partial<Record<ResourceName, readonly Action[]>>>;
  readonly timeoutSeconds: number;
  /**
   * The function sends messages to its own queue, perhaps by way of others: a splitter sends continuations, a completed
   * part of a redrive starts the next one. Lambda stops such a loop unless it is allowed.
   */
  readonly recursive?: true;
}

const tasks = variable('TASKS_TABLE_NAME');
const taskFiles = variable('TASK_FILES_TABLE_NAME');
const uploads = variable('UPLOADS_BUCKET_NAME');
const topic = variable('TASK_TOPIC_ARN');
const taskUploadQueue = variable('TASK_UPLOAD_QUEUE_URL');
const createTaskQueue = variable('CREATE_TASK_QUEUE_URL');
const taskFileCompleteQueue = variable('TASK_FILE_COMPLETE_QUEUE_URL');
const rowsPerMessage = variable('ROWS_PER_MESSAGE');
/** How new files are cut, and which failures they tolerate. */
const fileDefaults = [
  rowsPerMessage,
  variable('TOLERATED_FAILURE_PERCENTAGE'),
  variable('TOLERATED_FAILURE_COUNT'),
] as const;

/** The ledger says whether a void holds. It is read only if deliveries of a batch had different results. */
const readVoids = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;

const reportLinks = {
  // A link grants what its signer may do. HeadObject, which finds out that a report was deleted, has no own action.
  reports: ['s3:GetObject'],
  // Without this right S3 responds with 403 for a missing object.
  uploadsBucket: ['s3:ListBucket'],
} as const;

/** The rights to process batches, for the worker and for the reader of its dead letters. */
const work = {
  environment: [tasks, taskFiles, topic],
  actions: {
    tasksTable: ['dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:BatchGetItem'],
    taskFilesTable: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
    ],
    taskTopic: ['sns:Publish'],
  },
} as const;

/**
 * The rights of every function. Elsewhere are those that are the same for all, logs and traces
 * (`constructs/service-function.ts`), and those to receive messages (`constructs/queue-subscription.ts`).
 */
export const access: Readonly<Record<FunctionName, FunctionAccess>> = {
  'create-task': {
    environment: [tasks],
    actions: { tasksTable: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'] },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'list-tasks': {
    environment: [tasks, taskFiles],
    actions: { tasksTable: ['dynamodb:Query'], taskFilesTable: readVoids },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'get-task': {
    environment: [tasks, taskFiles],
    actions: { tasksTable: ['dynamodb:Query'], taskFilesTable: readVoids },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'update-task': {
    environment: [tasks, taskFiles],
    actions: {
      tasksTable: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchGetItem'],
      taskFilesTable: readVoids,
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'delete-task': {
    environment: [tasks, taskFiles],
    actions: {
      tasksTable: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchGetItem'],
      taskFilesTable: readVoids,
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'upload-tasks': {
    environment: [taskFiles, uploads, ...fileDefaults],
    actions: {
      taskFilesTable: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'],
      uploadedObjects: ['s3:PutObject'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'presign-task-file-parts': {
    environment: [taskFiles, uploads],
    // A link grants what its signer may do.
    actions: { taskFilesTable: ['dynamodb:GetItem'], uploadedObjects: ['s3:PutObject'] },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'complete-task-file-upload': {
    environment: [taskFiles, uploads],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
      // HeadObject has no own action.
      uploadedObjects: ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:GetObject'],
      // Without this right S3 responds with 403 for a missing object.
      uploadsBucket: ['s3:ListBucket'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.uploadCompletion,
  },
  'list-task-files': {
    environment: [taskFiles],
    actions: { taskFilesByCreation: ['dynamodb:Query'], taskFilesTable: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'get-task-file': {
    environment: [taskFiles],
    actions: { taskFilesTable: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'list-task-file-tasks': {
    environment: [taskFiles, tasks],
    actions: { taskFilesTable: readVoids, tasksTable: ['dynamodb:BatchGetItem'] },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'list-task-file-failures': {
    environment: [taskFiles, uploads],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
      ...reportLinks,
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'get-fix-file': {
    environment: [taskFiles, uploads],
    actions: { taskFilesTable: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], ...reportLinks },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'cancel-task-file': {
    environment: [taskFiles, topic],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:BatchGetItem'],
      taskTopic: ['sns:Publish'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'redrive-task-file': {
    environment: [taskFiles, taskUploadQueue, topic],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:BatchGetItem'],
      taskUploadQueue: ['sqs:SendMessage'],
      taskTopic: ['sns:Publish'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'verify-task-file': {
    environment: [taskFiles, tasks],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
      tasksTable: ['dynamodb:BatchGetItem'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'route-not-found': { environment: [], actions: {}, timeoutSeconds: TIMEOUT_SECONDS.http },
  'upload-task-subscriber': {
    environment: [taskFiles, uploads, taskUploadQueue, createTaskQueue, topic, ...fileDefaults],
    actions: {
      taskFilesTable: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:BatchGetItem',
        // For the failures that the manifest of a redrive lists.
        'dynamodb:Query',
      ],
      uploadedObjects: ['s3:GetObject'],
      manifests: ['s3:PutObject', 's3:GetObject'],
      // Without this right S3 responds with 403 for a deleted file, as for a missing right.
      uploadsBucket: ['s3:ListBucket'],
      taskUploadQueue: ['sqs:SendMessage'],
      createTaskQueue: ['sqs:SendMessage'],
      taskTopic: ['sns:Publish'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.splitter,
    recursive: true,
  },
  'upload-task-dead-letter-subscriber': {
    environment: [taskFiles, uploads, taskUploadQueue, createTaskQueue, topic, ...fileDefaults],
    // The rights of the splitter, except to plan a redrive.
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchGetItem'],
      uploadedObjects: ['s3:GetObject'],
      manifests: ['s3:GetObject'],
      uploadsBucket: ['s3:ListBucket'],
      taskUploadQueue: ['sqs:SendMessage'],
      createTaskQueue: ['sqs:SendMessage'],
      taskTopic: ['sns:Publish'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.deadLetters,
    recursive: true,
  },
  'create-task-subscriber': { ...work, timeoutSeconds: TIMEOUT_SECONDS.worker, recursive: true },
  'create-task-dead-letter-subscriber': { ...work, timeoutSeconds: TIMEOUT_SECONDS.deadLetters, recursive: true },
  'complete-task-file-subscriber': {
    environment: [taskFiles, uploads, taskUploadQueue, taskFileCompleteQueue],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      // This action also covers uploads in parts.
      reports: ['s3:PutObject'],
      // A redrive without room for all rows is followed by another one, and a long report by a continuation.
      taskUploadQueue: ['sqs:SendMessage'],
      taskFileCompleteQueue: ['sqs:SendMessage'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.completer,
    recursive: true,
  },
  sweep: {
    environment: [taskFiles, uploads, taskUploadQueue, createTaskQueue, taskFileCompleteQueue, topic, ...fileDefaults],
    actions: {
      taskFilesTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchGetItem'],
      taskFilesByChange: ['dynamodb:Query'],
      uploadsBucket: ['s3:ListBucket'],
      // For HeadObject, which has no own action.
      uploadedObjects: ['s3:GetObject'],
      // The sweep sends less if a queue is deep.
      taskUploadQueue: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
      createTaskQueue: ['sqs:GetQueueAttributes'],
      taskFileCompleteQueue: ['sqs:GetQueueAttributes'],
      taskTopic: ['sns:Publish'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.sweep,
  },
};
