import type { ServerResponse } from 'node:http';
import type { TableFailure } from '../call/gate.ts';

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';

/**
 * The responses of DynamoDB. The SDK retries the first as an outage and the second as throttling, and does not retry
 * the third.
 */
const RESPONSES: Readonly<Record<NonNullable<TableFailure['as']>, { readonly status: number; readonly type: string }>> =
  {
    outage: { status: 500, type: `${NAMESPACE}InternalServerError` },
    throttled: { status: 400, type: `${NAMESPACE}ProvisionedThroughputExceededException` },
    denied: { status: 400, type: 'com.amazon.coral.service#AccessDeniedException' },
  };

/** The failures that a test requested, by operation. */
export class TableFailures {
  #operations: ReadonlySet<string> = new Set();
  #failure: TableFailure = {};

  set(operations: readonly string[], failure: TableFailure = {}): void {
    this.#operations = new Set(operations);
    this.#failure = failure;
  }

  /** Responds to a request in place of the table if it is one that fails. Returns whether it did. */
  respond(operation: string, body: Buffer, response: ServerResponse): boolean {
    const { as = 'outage', requests } = this.#failure;
    if (!this.#operations.has(operation)) return false;
    if (requests !== undefined && !new RegExp(requests).test(body.toString())) return false;
    const { status, type } = RESPONSES[as];
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ __type: type, message: `A failure that a test requested: ${as}` }));
    return true;
  }
}
