import type { ServerResponse } from 'node:http';
import type { TableFailure } from '../call/gate.ts';

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';

/**
 * What DynamoDB answers: the SDK tries the first again as an outage, the second as throttling, and the third not at
 * all.
 */
const ANSWERS: Readonly<Record<NonNullable<TableFailure['as']>, { readonly status: number; readonly type: string }>> = {
  outage: { status: 500, type: `${NAMESPACE}InternalServerError` },
  throttled: { status: 400, type: `${NAMESPACE}ProvisionedThroughputExceededException` },
  denied: { status: 400, type: 'com.amazon.coral.service#AccessDeniedException' },
};

/** The failures that a test asked for, by operation. */
export class TableFailures {
  #operations: ReadonlySet<string> = new Set();
  #failure: TableFailure = {};

  set(operations: readonly string[], failure: TableFailure = {}): void {
    this.#operations = new Set(operations);
    this.#failure = failure;
  }

  /** Answers a request in the place of the table, if it is one of those that fail; says whether it did. */
  answer(operation: string, body: Buffer, response: ServerResponse): boolean {
    const { as = 'outage', requests } = this.#failure;
    if (!this.#operations.has(operation)) return false;
    if (requests !== undefined && !new RegExp(requests).test(body.toString())) return false;
    const { status, type } = ANSWERS[as];
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ __type: type, message: `A failure that was asked for: ${as}` }));
    return true;
  }
}
