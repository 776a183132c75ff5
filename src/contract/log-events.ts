/** The names of all log events, spelled once for functions, alarms and queries. */
export const LOG_EVENTS = [
  'request_failed',
  'request_unavailable',
  'message_undone',
  'visibility_unchanged',
  'upload_received',
  'task_file_completed',
  'sweep_found',
  'sweep_failed',
] as const;
export type LogEvent = (typeof LOG_EVENTS)[number];
