/** List prices of AWS in US dollars, without free tiers. Prices change: look them up before you count on them. */
export const PRICES = {
  region: 'us-east-1',
  /** When they were looked up last. */
  asOf: '2025-07',
  dollarsPerMillion: {
    /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
    tableWriteUnits: 0.625,
    tableReadUnits: 0.125,
    /** https://aws.amazon.com/sqs/pricing/, standard queues; each 64 KB of a call is one. */
    queueRequests: 0.4,
    /** https://aws.amazon.com/sns/pricing/; deliveries to SQS cost nothing. */
    topicRequests: 0.5,
    /** https://aws.amazon.com/s3/pricing/, S3 Standard: PUT, POST, LIST and the like, and GET and the like. */
    objectWrites: 5,
    objectReads: 0.4,
    /** https://aws.amazon.com/lambda/pricing/, Arm. */
    invocations: 0.2,
    gigabyteSeconds: 13.3334,
  },
} as const;

export type Priced = keyof typeof PRICES.dollarsPerMillion;
