export type Service = 'DynamoDB' | 'Lambda' | 'S3' | 'SNS' | 'SQS';

/**
 * The facts that do not hold on one machine, each with its reason. They run there too, and must fail: when one holds,
 * its entry has to be removed.
 */
export const EXCEPTIONS: Readonly<Record<Service, Readonly<Record<string, string>>>> = {
  DynamoDB: {},
  Lambda: {},
  S3: {},
  SNS: {},
  SQS: {},
};
