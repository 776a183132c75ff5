/** The statuses of a task file. They have a file of their own, because adapters need them without the schemas. */
export const TASK_FILE_STATUSES = ['NEW', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
