import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export const STAGE_NAMES = ['dev', 'qat', 'prd'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** The settings in which the stages differ. */
export interface Stage {
  readonly logRetention: RetentionDays;
  /** A redrive or a repair reads the object again, so uploads stay longer than the 14 days of a dead letter. */
  readonly uploadsExpireDays: number;
  /** What happens to tables, bucket and logs when they are removed from the stack, or with it. */
  readonly removalPolicy: RemovalPolicy;
  /** Six metrics for each route, which CloudWatch bills once the route is used. Those of the whole API are free. */
  readonly detailedApiMetrics: boolean;
  /** Tables and stack cannot be deleted until the operator removes the protection. */
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
