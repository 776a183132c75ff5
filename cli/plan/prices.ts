/** A figure of AWS, where it is published, and whether it was found there or in a copy of it on the day of {@link AS_OF}. */
export interface Published {
  readonly value: number;
  readonly source: string;
  readonly isChecked: boolean;
}

export const AS_OF = '2026-11-27';
export const REGION = 'us-east-1';

const published = (value: number, source: string, isChecked = true): Published => ({ value, source, isChecked });

const PRICING = 'https://aws.amazon.com';

/** List prices in US dollars for a million, without free tiers and discounts. Prices change: look before you count on them. */
export const DOLLARS_PER_MILLION = {
  /** Of 1 KB each, on demand. */
  tableWriteUnits: published(0.625, `${PRICING}/dynamodb/pricing/on-demand/`),
  /** Of 4 KB each, consistent, on demand. */
  tableReadUnits: published(0.125, `${PRICING}/dynamodb/pricing/on-demand/`),
  /** Standard queues; each 64 KB of a call is one. */
  queueRequests: published(0.4, `${PRICING}/sqs/pricing/`),
  /** Deliveries to SQS cost nothing. */
  topicRequests: published(0.5, `${PRICING}/sns/pricing/`, false),
  /** S3 Standard: PUT, POST, LIST. */
  objectWrites: published(5, `${PRICING}/s3/pricing/`, false),
  /** S3 Standard: GET, HEAD. */
  objectReads: published(0.4, `${PRICING}/s3/pricing/`, false),
  invocations: published(0.2, `${PRICING}/lambda/pricing/`),
  /** Arm. */
  gigabyteSeconds: published(13.3334, `${PRICING}/lambda/pricing/`),
  /** Standard workflows. */
  stateTransitions: published(25, `${PRICING}/step-functions/pricing/`),
  /** Express workflows. */
  expressRequests: published(1, `${PRICING}/step-functions/pricing/`, false),
  expressGigabyteSeconds: published(16.67, `${PRICING}/step-functions/pricing/`, false),
} as const;
export type Priced = keyof typeof DOLLARS_PER_MILLION;

const DOCS = 'https://docs.aws.amazon.com';

export const QUOTAS = {
  /** Write units a second of a new table on demand; it doubles as it is used, and can be warmed before. */
  newTableWriteUnits: published(4_000, `${DOCS}/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html`),
  /** Write units a second that one item, or one partition, takes. */
  partitionWriteUnits: published(1_000, `${DOCS}/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html`),
  /** Write units a second of a table, unless it is raised. */
  tableWriteUnits: published(40_000, `${DOCS}/amazondynamodb/latest/developerguide/ServiceQuotas.html`),
  /** Invocations at once by one mapping of a queue. */
  mappingConcurrency: published(1_000, `${DOCS}/lambda/latest/dg/services-sqs-scaling.html`),
  /** Invocations at once in an account, unless it is raised; a new account begins with fewer. */
  accountConcurrency: published(1_000, `${DOCS}/lambda/latest/dg/gettingstarted-limits.html`, false),
  /** State transitions a second of standard workflows. */
  stateTransitions: published(5_000, `${DOCS}/step-functions/latest/dg/service-quotas.html`, false),
  /** Megabytes of a function that give it one virtual CPU. */
  megabytesPerCpu: published(1_769, `${DOCS}/lambda/latest/dg/configuration-memory.html`),
} as const;
