import type { FieldError, Problem } from '../src/contract/index.ts';

/** The service refused a request with a problem (RFC 9457). Decide by `code`, never by the message. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly requestId: string | undefined;
  /** The number of seconds after which to repeat the request, if the service names it. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    request: string,
    { code, status, title, detail, errors = [], requestId }: Problem,
    retryAfterSeconds?: number,
  ) {
    const fields = errors.map(({ path, message }) => `${path}: ${message}`);
    super([`${request} answered ${status} ${code}: ${detail ?? title}`, ...fields].join('\n  '));
    this.code = code;
    this.status = status;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The response is not one of this version of the Task Service, but of a proxy, a gateway or another release. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';
  readonly status: number;

  constructor(request: string, status: number, reason: string, options?: ErrorOptions) {
    super(`${request} answered ${status}, which is not a response of this Task Service: ${reason}`, options);
    this.status = status;
  }
}

/** There was no response: no server listens there, or the connection broke. The request may have taken effect. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(request: string, baseUrl: string, cause: unknown) {
    super(`${request} got no response from ${baseUrl} (${findReason(cause)}). Is the service running there?`, {
      cause,
    });
  }
}

/** Finds the system's reason, such as ECONNREFUSED, which fetch hides behind "fetch failed". */
function findReason(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  if (cause !== undefined) return findReason(cause);
  return code ?? message ?? String(error);
}

/** S3 refused content: the URL has expired, or the content has another length than the upload named. */
export class UploadRefusedError extends Error {
  override readonly name = 'UploadRefusedError';
  readonly status: number;

  constructor(status: number, body: string) {
    super(`S3 answered ${status} to an upload: ${readStoreMessage(body)}`);
    this.status = status;
  }
}

/** S3 refused a download: the URL has expired, or the request had headers that the URL does not sign. */
export class DownloadRefusedError extends Error {
  override readonly name = 'DownloadRefusedError';
  readonly status: number;

  constructor(status: number, body: string) {
    super(`S3 answered ${status} to a download: ${readStoreMessage(body)}. Ask for another URL.`);
    this.status = status;
  }
}

const readStoreMessage = (body: string): string => /<Message>([^<]*)/.exec(body)?.[1] ?? body.slice(0, 200);
