export type Service = 'DynamoDB' | 'Lambda' | 'S3' | 'SNS' | 'SQS';

/**
 * Facts that do not hold on one machine, each with the reason; here and nowhere else. They are tried there too, and
 * must fail: once one holds, its entry has to go.
 */
export const EXCEPTIONS: Readonly<Record<Service, Readonly<Record<string, string>>>> = {
  DynamoDB: {},
  Lambda: {},
  S3: {},
  SNS: {},
  SQS: {},
};
