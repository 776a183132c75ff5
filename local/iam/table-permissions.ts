import * as z from 'zod';
import { ACCOUNT_ID } from '../account.ts';
import type { Permission } from './guard.ts';

/** What a request says of tables. dynalite takes null for absent. */
const tableRequest = z.object({
  TableName: z.string().nullish(),
  IndexName: z.string().nullish(),
  RequestItems: z.record(z.string(), z.unknown()).nullish(),
  TransactItems: z.array(z.record(z.string(), z.object({ TableName: z.string() }))).nullish(),
});

/** What the parts of a transaction need. */
const TRANSACTED: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/**
 * The permissions that a call of DynamoDB needs. Actions are called as operations; each table of a batch needs its own.
 */
export function tablePermissions(operation: string, request: unknown, region: string): readonly Permission[] {
  const { TableName, IndexName, RequestItems, TransactItems } = tableRequest.safeParse(request).data ?? {};
  const needs = (verb: string, table: string): Permission => ({
    action: `dynamodb:${verb}`,
    resource: tableArn(region, table),
  });
  if (RequestItems) return Object.keys(RequestItems).map((table) => needs(operation, table));
  if (TransactItems) {
    return TransactItems.flatMap((part) =>
      Object.entries(part).map(([verb, { TableName: table }]) => needs(TRANSACTED[verb] ?? verb, table)),
    );
  }
  if (TableName) return [needs(operation, IndexName ? `${TableName}/index/${IndexName}` : TableName)];
  // Of all tables, or a request that makes no sense: only a right to everything allows it.
  return [{ action: `dynamodb:${operation}`, resource: '*' }];
}

/** A request may name a table by its ARN too. */
const tableArn = (region: string, table: string): string =>
  table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${table}`;
