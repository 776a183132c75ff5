export { MemoryJobs } from './jobs.ts';
export { MemoryLedger } from './ledger.ts';
export { MemoryMessaging } from './messaging.ts';
export { MemoryObjects } from './objects.ts';
export { MemoryPromisedUploads } from './promised-uploads.ts';
export { MemoryReports } from './reports.ts';
export { MemoryTasks } from './tasks.ts';
export { MemoryTries } from './tries.ts';
