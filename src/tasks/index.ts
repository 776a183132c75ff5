export { TaskError } from './errors.ts';
export { finishTaskFile, goOnWithReport, type FinishPorts, type ReportContinuations } from './finish-task-file.ts';
export { taskImport } from './import.ts';
export type { ReportForm, ReportLink, ReportLinks, ReportPart, Reports, StoredPart } from './ports/reports.ts';
export type { ReportDraft, ReportPace } from './report.ts';
export type { Claim, Tasks } from './ports/tasks.ts';
export type { PromisedUploads, UploadedPart, Uploads } from './ports/uploads.ts';
export {
  completeUpload,
  linkToParts,
  promiseTaskFile,
  type PromisePorts,
  type UploadPromise,
} from './promised-upload.ts';
export { isExcluded, type Preconditions } from './preconditions.ts';
export { TASK_COLUMNS } from './row.ts';
export {
  visible,
  type EditItem,
  type RowOrigin,
  type StoredTask,
  type TaskItem,
  type VisibleTask,
  type VoidedBy,
} from './stored-task.ts';
export {
  cancelTaskFile,
  getTaskFile,
  linkToFixFile,
  listFailuresOfFile,
  listTaskFiles,
  listTasksOfFile,
  redriveTaskFile,
  uploadTaskFile,
} from './task-files.ts';
export { verifyTaskFile, type VerifyPorts } from './verify.ts';
export { createTask, deleteTask, getTask, listTasks, updateTask, type ReadPorts } from './tasks.ts';
export { judged } from './judged.ts';
