export { allDone } from './all-done.ts';
export type { Batch, Item } from './model/batch.ts';
export type { Continuation, SplitContinuation } from './model/continuation.ts';
export { Cutter } from './split/cutter.ts';
export { cancel } from './settle/cancel.ts';
export { complete, type CompletePorts } from './settle/complete.ts';
export type { Column, IndexedRow, JobDefinition, RowOptions } from './definition.ts';
export { isBlank } from './reader/text/blank.ts';
export { beginsNameless, columnsInWords, ignoredColumns, shownColumns, type IgnoredColumn } from './reader/header.ts';
export { DeadLetters, type DeadLetterPorts } from './process/dead-letters.ts';
export {
  JOB_FAILURE_CODES,
  NotCancellableError,
  NotCompleteError,
  NotRedrivableError,
  RefusedItemError,
  SourceError,
  OutOfTimeError,
  UnknownJobError,
  UnpinnedSourceError,
  UnreadableJobError,
  type JobFailureCode,
  type NotCancellableState,
  type SourceErrorCode,
} from './errors.ts';
export {
  FIX_FILE_COLUMNS,
  fixFileLayout,
  isFixFile,
  isFixFileColumn,
  isPadding,
  neutralised,
  reservedCell,
  unneutralised,
  type FixFileColumn,
  type FixFileLayout,
} from './reader/fix-file.ts';
export { cellsOf } from './reader/cells.ts';
export { isFault } from './reader/faults.ts';
export { DELIMITERS, ENCODINGS, SOURCE_TYPES, type ReadOptions, type SourceFormat } from './model/source-format.ts';
export { findEarlierJob } from './split/earlier-job.ts';
export { toJsonText } from './model/json-text.ts';
export { FanOut, type FanOutPorts } from './split/fan-out.ts';
export * from './model/identity.ts';
export {
  isTerminal,
  newJob,
  runId,
  runOf,
  segmentKey,
  segmentOf,
  type CutRule,
  type Job,
  type FailureGroup,
  type JobFailure,
  type JobKey,
  type JobReport,
  type JobStatus,
  type NewJob,
  type PinnedSource,
  type PresignedSource,
  type Recovery,
  type Redrive,
  type Run,
  type SourceReference,
  type Tolerance,
} from './model/job.ts';
export {
  ITEM_FAILURE_CODES,
  type Fault,
  type ItemFailure,
  type ItemFailureCode,
  type Refusal,
  type RefusalWith,
  type Verdict,
} from './model/outcome.ts';
export type { Clock, Deadline, Ids } from './ports/clock.ts';
export type { Contents } from './ports/contents.ts';
export type {
  Close,
  Finish,
  FoundJobs,
  Guard,
  JobAttempt,
  JobListQuery,
  JobPage,
  Jobs,
  Repair,
  Start,
} from './ports/jobs.ts';
export type { Failures, Ledger, RecordResult } from './ports/ledger.ts';
export type { Announcer, BatchQueue, Continuations, JobEvent, QueueDepths } from './ports/messaging.ts';
export type { Manifests, ObjectListing, ObjectPage, ReceivedObject, Sources } from './ports/source.ts';
export type { Tried, Tries } from './ports/tries.ts';
export { Processor, type Delivery, type ProcessPorts, type Undone } from './process/process.ts';
export type { FanOutLimits } from './split/read-source.ts';
export { DEEP_QUEUE_MESSAGES, MESSAGES_LIVE_MILLISECONDS, waitAfter } from './sweep/recovery.ts';
export { FanOutDeadLetters, type FanOutDeadLetterPorts } from './split/dead-letters.ts';
export {
  PAGE_TRIES,
  PRESIGNED_EXPIRES_AFTER_MILLISECONDS,
  STILL_AFTER_MILLISECONDS,
  Sweep,
  UPLOAD_EXPIRES_AFTER_MILLISECONDS,
  type SweepPorts,
  type SweepReport,
} from './sweep/sweep.ts';
export { TAKE_BACK_ROUNDS, DEADLY_TRIES, TRY_ENDS_AFTER_MILLISECONDS } from './process/noted-tries.ts';
export { jobOfObject, type ReceiveRules } from './split/receive.ts';
export { redrive, type RedrivePorts } from './redrive/redrive.ts';
export { readJob, redriveKey, runsOf } from './stored-jobs.ts';
export {
  failuresUpTo,
  firstFailure,
  remainingFailures,
  type FailurePage,
  type FailurePosition,
  type RemainingPorts,
} from './failures/remaining-failures.ts';
export { progressOf, readProgress, type Progress } from './settle/progress.ts';
export {
  emptySegment,
  type BatchFailures,
  type BatchOutcome,
  type SegmentKey,
  type SegmentRecord,
} from './model/segment.ts';
export { voidHolds, type VoidedItem, type VoidPorts } from './failures/voids.ts';
