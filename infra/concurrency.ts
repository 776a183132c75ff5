import type { Config } from './config.ts';
import { MAPPINGS } from './constants.ts';

/** The concurrent executions of the account that the event source mappings may use. */
export interface QueueConcurrency {
  /** The three queues use these when the service is busy. */
  readonly queues: number;
  /** Their dead letters use these in addition while something is wrong. */
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
