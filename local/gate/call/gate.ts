import type { CountedRefusal, Principal, UsedRight } from '../../iam/guard.ts';
import type { CallCount } from './call-counter.ts';

/**
 * One rule of a bucket's `NotificationConfiguration`: a queue receives an event when an object of the bucket is
 * created.
 */
export interface NotificationRule {
  readonly id: string;
  readonly queueArn: string;
  /** `s3:ObjectCreated:*` or one of `:Put`, `:Copy`, `:CompleteMultipartUpload`. */
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** A failure of DynamoDB that a test requests. */
export interface TableFailure {
  /** The kind of failure; an outage (500) unless given. */
  readonly as?: 'outage' | 'throttled' | 'denied';
  /** Limits the failure to requests whose body matches this regular expression, e.g. with certain keys of a table. */
  readonly requests?: string;
}

/** The gate that all traffic to the emulated services passes. */
export interface Gate {
  /** Returns the calls since the start or the last reset, by caller, service and operation. */
  counts(): Promise<readonly CallCount[]>;
  resetCounts(): Promise<void>;
  /**
   * Switches the counting of DynamoDB read and write units on or off. It parses every body a second time, so it is off
   * at the start.
   */
  countUnits(on: boolean): Promise<void>;
  /** Makes DynamoDB fail these operations from now on, before any effect. With no operations, the failure ends. */
  failTableOperations(operations: readonly string[], failure?: TableFailure): Promise<void>;
  /** Makes postponed messages visible so many times sooner from now on. */
  hurryPostponed(times: number): Promise<void>;
  /** Restricts these callers to what their roles allow from now on. All others may do anything. */
  enforce(principals: readonly Principal[]): Promise<void>;
  /** Returns every right of the principals, with the number of calls that it decided. */
  rights(): Promise<readonly UsedRight[]>;
  /** Returns the calls of principals that were refused. */
  refusals(): Promise<readonly CountedRefusal[]>;
  /** Allows pages of these origins to call S3 from now on. Pages of this machine always may. */
  allowOrigins(origins: readonly string[]): Promise<void>;
  /** Sends events of new objects in this bucket from now on. The queues of new rules get the `s3:TestEvent`. */
  notifyOfObjects(bucket: string, rules: readonly NotificationRule[]): Promise<void>;
}
