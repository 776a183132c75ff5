import type { CountedRefusal, Principal, UsedRight } from '../../iam/guard.ts';
import type { CallCount } from './call-counter.ts';

/** Objects of a bucket whose creation is announced to a queue, as in the bucket's `NotificationConfiguration`. */
export interface NotificationRule {
  readonly id: string;
  readonly queueArn: string;
  /** `s3:ObjectCreated:*` or one of `:Put`, `:Copy`, `:CompleteMultipartUpload`. */
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** How DynamoDB fails when it is told to. */
export interface TableFailure {
  /** An outage (500) unless another is named. */
  readonly as?: 'outage' | 'throttled' | 'denied';
  /** Only requests whose body has a match of this regular expression, e.g. with certain keys of a certain table. */
  readonly requests?: string;
}

/** The one place that all traffic to the emulated services passes. */
export interface Gate {
  /** Calls since the start or the last reset, by caller, service and operation. */
  counts(): Promise<readonly CallCount[]>;
  resetCounts(): Promise<void>;
  /**
   * Also counts DynamoDB read and write units from now on. It costs a second parse of every body, so it is off at the
   * start.
   */
  countUnits(on: boolean): Promise<void>;
  /** From now on DynamoDB fails these operations, before any effect; none: it is over. */
  failTableOperations(operations: readonly string[], failure?: TableFailure): Promise<void>;
  /** From now on a message that a function postpones comes again so many times sooner than it says. */
  hurryPostponed(times: number): Promise<void>;
  /** From now on these callers may do what their roles allow, and no more. All others may do anything. */
  enforce(principals: readonly Principal[]): Promise<void>;
  /** Every right of the principals, with the calls that it decided. */
  rights(): Promise<readonly UsedRight[]>;
  /** What principals asked for and were refused. */
  refusals(): Promise<readonly CountedRefusal[]>;
  /** From now on pages of these origins, too, may call S3; those of this machine may anyway. */
  allowOrigins(origins: readonly string[]): Promise<void>;
  /** Announces new objects of this bucket from now on; the queues of new rules get the `s3:TestEvent`. */
  notifyOfObjects(bucket: string, rules: readonly NotificationRule[]): Promise<void>;
}
