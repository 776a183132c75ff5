import * as z from 'zod';
import { ACCOUNT_ID } from '../account.ts';
import type { Permission } from './guard.ts';

/** The fields of a request that name tables. dynalite treats null as absent. */
const tableRequest = z.object({
  TableName: z.string().nullish(),
  IndexName: z.string().nullish(),
  RequestItems: z.record(z.string(), z.unknown()).nullish(),
  TransactItems: z.array(z.record(z.string(), z.object({ TableName: z.string() }))).nullish(),
});

/** The operation of each part of a transaction. */
const TRANSACTED: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/**
 * Returns the permissions that a call of DynamoDB needs. Actions have the names of operations. Each table of a batch
 * needs its own permission.
 */
export function toTablePermissions(operation: string, request: unknown, region: string): readonly Permission[] {
  const { TableName, IndexName, RequestItems, TransactItems } = tableRequest.safeParse(request).data ?? {};
  const needs = (verb: string, table: string): Permission => ({
    action: `dynamodb:${verb}`,
    resource: toTableArn(region, table),
  });
  if (RequestItems) return Object.keys(RequestItems).map((table) => needs(operation, table));
  if (TransactItems) {
    return TransactItems.flatMap((part) =>
      Object.entries(part).map(([verb, { TableName: table }]) => needs(TRANSACTED[verb] ?? verb, table)),
    );
  }
  if (TableName) return [needs(operation, IndexName ? `${TableName}/index/${IndexName}` : TableName)];
  // The operation concerns all tables, or the request is malformed: only a right to everything allows it.
  return [{ action: `dynamodb:${operation}`, resource: '*' }];
}

/** Returns the ARN of a table. A request may name a table by its ARN too. */
const toTableArn = (region: string, table: string): string =>
  table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${table}`;
