export { TaskError } from './errors.ts';
export {
  finishTaskFile,
  continueReport,
  type FinishPorts,
  type ReportContinuations,
} from './report/finish-task-file.ts';
export { taskImport } from './import/import-job.ts';
export type { ReportForm, ReportLink, ReportLinks, ReportPart, Reports, StoredPart } from './ports/reports.ts';
export type { ReportDraft, ReportPace } from './report/report.ts';
export type { Claim, Tasks } from './ports/tasks.ts';
export type { PresignedUploads, UploadedPart, Uploads } from './ports/uploads.ts';
export {
  completeUpload,
  linkToParts,
  presignTaskFile,
  type PresignPorts,
  type PresignRequest,
} from './upload/presigned-upload.ts';
export { isExcluded, type Preconditions } from './task/preconditions.ts';
export { TASK_COLUMNS } from './model/row.ts';
export {
  toVisibleTask,
  type EditItem,
  type RowOrigin,
  type StoredTask,
  type TaskItem,
  type VisibleTask,
  type VoidedBy,
} from './model/stored-task.ts';
export {
  cancelTaskFile,
  getTaskFile,
  listFailuresOfFile,
  listTaskFiles,
  listTasksOfFile,
  redriveTaskFile,
} from './file/task-files.ts';
export { linkToFixFile } from './report/fix-file-link.ts';
export { uploadTaskFile, type Upload, type UploadPorts } from './upload/upload.ts';
export { verifyTaskFile, type VerifyPorts } from './file/verify.ts';
export { createTask, deleteTask, getTask, listTasks, updateTask, type ReadPorts } from './task/tasks.ts';
export { judgeVoid } from './task/judge-void.ts';
