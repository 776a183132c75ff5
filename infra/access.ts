import { type EnvironmentName, type FunctionName, variable } from '../src/contract/index.ts';
import { TIMEOUT_SECONDS } from './constants.ts';

/** What a function's role can be let at. */
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

/** What one function is told, what it may do, and for how long. */
export interface FunctionAccess {
  readonly environment: readonly EnvironmentName[];
  /** Exact actions, never a wildcard: a leaked role can do what its function does, and no more. */
  readonly actions: Readonly<Partial<Record<ResourceName, readonly Action[]>>>;
  readonly timeoutSeconds: number;
  /**
   * Sends messages to the queue it is fed from, be it by way of others: a splitter continues, a completed part of a
   * redrive asks for the next. Lambda stops such a circle unless told that it is meant.
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
/** How new files are cut, and what they tolerate. */
const fileDefaults = [
  rowsPerMessage,
  variable('TOLERATED_FAILURE_PERCENTAGE'),
  variable('TOLERATED_FAILURE_COUNT'),
] as const;

/**
 * Whether the void of a row stands is the ledger's word; asked only where deliveries of a batch came to different ends.
 */
const readsVoids = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;

const reportLinks = {
  // A link grants what its signer may do. HeadObject, by which a deleted report is noticed, has no action of its own.
  reports: ['s3:GetObject'],
  // Without it S3 answers 403 for an object that is not there.
  uploadsBucket: ['s3:ListBucket'],
} as const;

/** Brings batches to their outcome: the worker, and whoever gives what the worker gave up its last try. */
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
 * The one table of who may do what. Not here, as it is the same for all or follows from elsewhere: logs and traces
 * (`constructs/service-function.ts`), taking messages off a queue (`constructs/queue-subscription.ts`).
 */
export const access: Readonly<Record<FunctionName, FunctionAccess>> = {
  'create-task': {
    environment: [tasks],
    actions: { tasksTable: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'] },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'list-tasks': {
    environment: [tasks, taskFiles],
    actions: { tasksTable: ['dynamodb:Query'], taskFilesTable: readsVoids },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'get-task': {
    environment: [tasks, taskFiles],
    actions: { tasksTable: ['dynamodb:Query'], taskFilesTable: readsVoids },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'update-task': {
    environment: [tasks, taskFiles],
    actions: {
      tasksTable: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchGetItem'],
      taskFilesTable: readsVoids,
    },
    timeoutSeconds: TIMEOUT_SECONDS.http,
  },
  'delete-task': {
    environment: [tasks, taskFiles],
    actions: {
      tasksTable: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchGetItem'],
      taskFilesTable: readsVoids,
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
      // HeadObject has no action of its own.
      uploadedObjects: ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:GetObject'],
      // Without it S3 answers 403 for an object that is not there.
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
    actions: { taskFilesTable: readsVoids, tasksTable: ['dynamodb:BatchGetItem'] },
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
        // Failures, for the manifest of a redrive.
        'dynamodb:Query',
      ],
      uploadedObjects: ['s3:GetObject'],
      manifests: ['s3:PutObject', 's3:GetObject'],
      // Without it S3 answers 403 for an object that is gone, and a deleted file could not be told from a missing
      // right.
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
    // What the splitter may do, but for planning a redrive: it splits alone what was given up.
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
      // Completing an object of parts, and putting one, are one action.
      reports: ['s3:PutObject'],
      // A redrive that had no room for all rows is followed by another; a long report is gone on with.
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
      // For HeadObject, which has no action of its own.
      uploadedObjects: ['s3:GetObject'],
      // A deep queue holds back what would only make it longer.
      taskUploadQueue: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
      createTaskQueue: ['sqs:GetQueueAttributes'],
      taskFileCompleteQueue: ['sqs:GetQueueAttributes'],
      taskTopic: ['sns:Publish'],
    },
    timeoutSeconds: TIMEOUT_SECONDS.sweep,
  },
};
