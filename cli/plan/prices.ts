// List prices of us-east-1 without free tiers and volume discounts. Data only: change a value together with its date.
// `source` is the page on which the number was read on that day, in a stored copy.
import type { Price } from './figure.ts';

const TODAY = '2026-11-27';
const MILLION = 1_000_000;

const lambda = { service: 'Lambda', source: 'https://wring.co/blog/aws-lambda-pricing-guide', checked: TODAY };
const dynamodb = {
  service: 'DynamoDB',
  source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  checked: TODAY,
};
const s3 = { service: 'S3', source: 'https://c3x.dev/blog/s3-request-fees-explained', checked: TODAY };
const stepFunctions = {
  service: 'Step Functions',
  source: 'https://aws.amazon.com/step-functions/pricing/',
  checked: TODAY,
};

export const prices = {
  lambdaRequest: { ...lambda, name: 'Lambda requests', value: 0.2, per: MILLION, unit: 'requests' },
  /** The price of arm64, which infra/ uses. */
  lambdaGbSecond: { ...lambda, name: 'Lambda time, arm64', value: 13.3334, per: MILLION, unit: 'GB-s' },
  /** The price of standard queues. Each 64 KiB of a call's payload is a request. */
  sqsRequest: {
    service: 'SQS',
    name: 'SQS requests',
    value: 0.4,
    per: MILLION,
    unit: 'requests',
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing',
    checked: TODAY,
  },
  dynamoWrite: { ...dynamodb, name: 'DynamoDB writes, on demand', value: 0.625, per: MILLION, unit: 'write units' },
  dynamoRead: { ...dynamodb, name: 'DynamoDB reads, on demand', value: 0.125, per: MILLION, unit: 'read units' },
  s3Put: { ...s3, name: 'S3 PUT, Standard', value: 0.005, per: 1_000, unit: 'puts' },
  s3List: { ...s3, name: 'S3 LIST, Standard', value: 0.005, per: 1_000, unit: 'lists' },
  s3Get: { ...s3, name: 'S3 GET and HEAD, Standard', value: 0.0004, per: 1_000, unit: 'reads' },
  /** Deliveries to SQS are free. */
  snsPublish: {
    service: 'SNS',
    name: 'SNS publishes',
    value: 0.5,
    per: MILLION,
    unit: 'publishes',
    source: 'https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/',
    checked: TODAY,
  },
  /** Each alarm has one metric of standard resolution. */
  alarm: {
    service: 'CloudWatch',
    name: 'CloudWatch alarms',
    value: 0.1,
    per: 1,
    unit: 'alarms',
    source: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
    checked: TODAY,
  },
  logGigabyte: {
    service: 'CloudWatch',
    name: 'CloudWatch Logs, ingestion',
    value: 0.5,
    per: 1,
    unit: 'GB of logs',
    source: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
    checked: TODAY,
  },
  trace: {
    service: 'X-Ray',
    name: 'X-Ray traces recorded',
    value: 5,
    per: MILLION,
    unit: 'traces',
    source: 'https://aws.amazon.com/de/xray/pricing/',
    checked: TODAY,
  },
  schedule: {
    service: 'EventBridge',
    name: 'EventBridge Scheduler',
    value: 1,
    per: MILLION,
    unit: 'invocations',
    source: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
    checked: TODAY,
  },
  stateTransition: { ...stepFunctions, name: 'State transitions', value: 0.025, per: 1_000, unit: 'transitions' },
  expressRequest: { ...stepFunctions, name: 'Express requests', value: 1, per: MILLION, unit: 'requests' },
  /** The most expensive of three tiers, up to 1,000 GB-hours a month. */
  expressGbHour: { ...stepFunctions, name: 'Express time', value: 0.06, per: 1, unit: 'GB-h' },
} as const satisfies Record<string, Price>;
