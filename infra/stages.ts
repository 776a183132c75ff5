import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export const STAGE_NAMES = ['dev', 'qat', 'prd'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** Everything in which the stages differ. */
export interface Stage {
  readonly logRetention: RetentionDays;
  /**
   * A redrive or a repair reads the object again, so uploads stay at least as long as a dead letter may wait: 14 days.
   */
  readonly uploadsExpireDays: number;
  /** What becomes of tables, bucket and logs when the stack, or their part of it, goes. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * Six metrics for each route, each of which CloudWatch bills once the route is used; those of the API as a whole are
   * free.
   */
  readonly detailedApiMetrics: boolean;
  /** Tables and stack refuse to be deleted until somebody takes the protection off. */
  readonly deletionProtection: boolean;
}

export const stages: Readonly<Record<StageName, Stage>> = {
  dev: {
    logRetention: RetentionDays.ONE_WEEK,
    uploadsExpireDays: 15,
    removalPolicy: RemovalPolicy.DESTROY,
    detailedApiMetrics: false,
    deletionProtection: false,
  },
  qat: {
    logRetention: RetentionDays.ONE_MONTH,
    uploadsExpireDays: 30,
    removalPolicy: RemovalPolicy.DESTROY,
    detailedApiMetrics: false,
    deletionProtection: false,
  },
  prd: {
    logRetention: RetentionDays.ONE_YEAR,
    uploadsExpireDays: 90,
    removalPolicy: RemovalPolicy.RETAIN,
    detailedApiMetrics: true,
    deletionProtection: true,
  },
};
