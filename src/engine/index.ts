export { allDone } from './all-done.ts';
export { Cutter, type Batch, type Item } from './batch.ts';
export { cancel } from './cancel.ts';
export { complete, type CompletePorts } from './complete.ts';
export type { Column, IndexedRow, JobDefinition, RowOptions } from './definition.ts';
export { isBlank } from './reader/blank.ts';
export { ignoredColumns, type IgnoredColumn } from './reader/header.ts';
export { DeadLetters, type DeadLetterPorts } from './dead-letters.ts';
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
export { cellsOf } from './cells.ts';
export { isFault } from './reader/faults.ts';
export type { Fault } from './reader/records.ts';
export { DELIMITERS, ENCODINGS, SOURCE_TYPES, type ReadOptions, type SourceFormat } from './reader/source-format.ts';
export { findEarlierJob } from './earlier-job.ts';
export { encoded } from './encoding.ts';
export { FanOut, type FanOutPorts } from './fan-out.ts';
export * from './identity.ts';
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
  type PromisedSource,
  type Recovery,
  type Redrive,
  type Run,
  type SourceReference,
  type Tolerance,
} from './job.ts';
export {
  ITEM_FAILURE_CODES,
  type ItemFailure,
  type ItemFailureCode,
  type Refusal,
  type RefusalWith,
  type Verdict,
} from './outcome.ts';
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
export type { Announcer, BatchQueue, Continuation, Continuations, JobEvent, QueueDepths } from './ports/messaging.ts';
export type { Manifests, ObjectListing, ObjectPage, Sources } from './ports/source.ts';
export type { Tried, Tries } from './ports/tries.ts';
export { Processor, type Delivery, type ProcessPorts, type Undone } from './process.ts';
export type { FanOutLimits } from './read-source.ts';
export { DEEP_QUEUE_MESSAGES, MESSAGES_LIVE_MILLISECONDS, waitAfter } from './recovery.ts';
export { GivenUpFanOuts, type GivenUp, type GivenUpPorts } from './given-up-fan-outs.ts';
export {
  PAGE_TRIES,
  PROMISE_EXPIRES_AFTER_MILLISECONDS,
  STILL_AFTER_MILLISECONDS,
  Sweep,
  UPLOAD_EXPIRES_AFTER_MILLISECONDS,
  type SweepPorts,
  type SweepReport,
} from './sweep.ts';
export { ANSWER_ROUNDS, DEADLY_TRIES, TRY_ENDS_AFTER_MILLISECONDS } from './noted-tries.ts';
export { jobOfObject, type ReceivedObject, type ReceiveRules } from './receive.ts';
export { redrive, type RedrivePorts } from './redrive.ts';
export { redriveKey, runsOf } from './runs.ts';
export {
  failuresUpTo,
  firstFailure,
  standingFailures,
  type FailurePage,
  type FailurePlace,
  type StandingPorts,
} from './standing-failures.ts';
export { progressOf, readProgress, type Progress } from './progress.ts';
export { emptySegment, type BatchFailures, type BatchOutcome, type SegmentKey, type SegmentRecord } from './segment.ts';
export { voidStands, type VoidedItem, type VoidPorts } from './refusals.ts';
