export type Service = 'DynamoDB' | 'Lambda' | 'S3' | 'SNS' | 'SQS';

/**
 * Facts that do not hold in the local cloud, each with the reason. They are listed only here. They are tested there too
 * and must fail: if one holds, its entry must be removed.
 */
export const EXCEPTIONS: Readonly<Record<Service, Readonly<Record<string, string>>>> = {
  DynamoDB: {},
  Lambda: {},
  S3: {},
  SNS: {},
  SQS: {},
};
