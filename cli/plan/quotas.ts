// Quotas of us-east-1, and limits that AWS documents. Data only: change a value together with its date.
// `source` is the page on which the number was read on that day, in a stored copy.
import type { Figure } from './figure.ts';

const TODAY = '2026-11-27';
const AWS = 'https://docs.aws.amazon.com';
const DYNAMODB = `${AWS}/amazondynamodb/latest/developerguide`;

export const quotas = {
  /** The quota of an established account. A new one begins with fewer. */
  lambdaConcurrency: {
    name: 'Lambda executions at once, of an account',
    value: 1_000,
    source: `${AWS}/lambda/latest/dg/limits.html`,
    checked: TODAY,
  },
  mappingConcurrencyLeast: {
    name: 'least maximum concurrency of an SQS event source mapping',
    value: 2,
    source: `${AWS}/lambda/latest/dg/API_ScalingConfig.html`,
    checked: TODAY,
  },
  mappingConcurrencyMost: {
    name: 'greatest maximum concurrency of an SQS event source mapping',
    value: 1_000,
    source: `${AWS}/lambda/latest/dg/API_ScalingConfig.html`,
    checked: TODAY,
  },
  /** Without a maximum concurrency, Lambda would reduce them to two. */
  idlePollers: {
    name: 'pollers of an idle SQS event source mapping with a maximum concurrency',
    value: 5,
    source: `${AWS}/lambda/latest/dg/services-sqs-scaling.html`,
    checked: TODAY,
  },
  listedObjects: {
    name: 'objects of one S3 listing',
    value: 1_000,
    source: `${AWS}/sdk-for-sap-abap/v1/api/latest/s3/model/_AWS1_CL_S3_LISTOBJSV2OUTPUT.html`,
    checked: TODAY,
  },
  batchGetItems: {
    name: 'items of one BatchGetItem',
    value: 100,
    source:
      'https://docs.amazonaws.cn/sdkfornet/v3/apidocs/items/DynamoDBv2/MIDynamoDBBatchGetItemAsyncBatchGetItemRequestCancellationToken.html',
    checked: TODAY,
  },
  megabytesPerCpu: {
    name: 'megabytes of a function for one vCPU',
    value: 1_769,
    source: `${AWS}/lambda/latest/dg/configuration-memory.html`,
    checked: TODAY,
  },
  /** Standard queues have nearly no limit of calls per second. */
  sqsInFlight: {
    name: 'SQS messages in flight, of a queue',
    value: 120_000,
    source: `${AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html`,
    checked: TODAY,
  },
  sqsChunkBytes: {
    name: 'bytes of payload that are one SQS request',
    value: 65_536,
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing',
    checked: TODAY,
  },
  newTableWriteUnits: {
    name: 'write units a second of a new on-demand table',
    value: 4_000,
    source: `${DYNAMODB}/pre-warming-on-demand-capacity-mode.html`,
    checked: TODAY,
  },
  /** An on-demand table serves twice its previous peak. More than that within 30 minutes may be throttled. */
  doublingSeconds: {
    name: 'seconds in which an on-demand table may double its peak',
    value: 1_800,
    source: `${DYNAMODB}/pre-warming-on-demand-capacity-mode.html`,
    checked: TODAY,
  },
  tableWriteUnits: {
    name: 'write units a second of a table',
    value: 40_000,
    source: 'https://docs.amazonaws.cn/en_us/amazondynamodb/latest/developerguide/Limits.html',
    checked: TODAY,
  },
  partitionWriteUnits: {
    name: 'write units a second of a partition, and so of an item',
    value: 1_000,
    source: `${DYNAMODB}/warm-throughput-scenarios.html`,
    checked: TODAY,
  },
  mapChildren: {
    name: 'children of a Map Run at once',
    value: 10_000,
    source: 'https://docs.amazonaws.cn/step-functions/latest/dg/state-map-distributed.html',
    checked: TODAY,
  },
  mapStartsExpress: {
    name: 'Express children that a Map Run starts in a second',
    value: 1_000,
    source: `${AWS}/step-functions/latest/dg/service-quotas.html`,
    checked: false,
  },
  mapStartsStandard: {
    name: 'Standard children that a Map Run starts in a second',
    value: 100,
    source: `${AWS}/step-functions/latest/dg/service-quotas.html`,
    checked: false,
  },
  mapItems: {
    name: 'items of a Map Run',
    value: 100_000_000,
    source: `${AWS}/step-functions/latest/dg/input-output-itemreader.html`,
    checked: false,
  },
} as const satisfies Record<string, Figure>;
