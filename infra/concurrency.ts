import type { Config } from './config.ts';
import { MAPPINGS } from './constants.ts';

/** Concurrent executions that the event source mappings may take of the account. */
export interface QueueConcurrency {
  /** Of the three queues, which a busy service takes. */
  readonly queues: number;
  /** Of their dead letters, which it takes besides while something is wrong. */
  readonly deadLetters: number;
}

export const queueConcurrency = (config: Config): QueueConcurrency => ({
  queues:
    config.CDK_UPLOAD_TASK_CONCURRENCY + config.CDK_CREATE_TASK_CONCURRENCY + MAPPINGS.taskFileComplete.maxConcurrency,
  deadLetters:
    MAPPINGS.taskUploadDeadLetters.maxConcurrency +
    MAPPINGS.createTaskDeadLetters.maxConcurrency +
    MAPPINGS.taskFileCompleteDeadLetters.maxConcurrency,
});
