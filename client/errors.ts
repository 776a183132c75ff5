import type { FieldError, Problem } from '../src/contract/index.ts';

/** The service refused a request and said why (RFC 9457). Decide by `code`, never by the message. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly requestId: string | undefined;
  /** After how many seconds the same request is worth another try, if the service says so. */
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

/** Something answered that is not this version of the Task Service: a proxy, a gateway, another release. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';
  readonly status: number;

  constructor(request: string, status: number, reason: string, options?: ErrorOptions) {
    super(`${request} answered ${status}, and not as the Task Service does: ${reason}`, options);
    this.status = status;
  }
}

/** No answer at all: nobody listens there, or the connection broke. Whether the request took effect is unknown. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(request: string, baseUrl: string, cause: unknown) {
    super(`${request} got no answer from ${baseUrl} (${reasonOf(cause)}): is the service running there?`, { cause });
  }
}

/** fetch hides the system's reason, such as ECONNREFUSED, behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  if (cause !== undefined) return reasonOf(cause);
  return code ?? message ?? String(error);
}

/** The store refused content: the link has expired, or the content has another length than the upload named. */
export class UploadRefusedError extends Error {
  override readonly name = 'UploadRefusedError';
  readonly status: number;

  constructor(status: number, answer: string) {
    super(`The store answered ${status} to an upload: ${reasonOfStore(answer)}`);
    this.status = status;
  }
}

/** The store refused a download: the link has expired, or headers came with it that were not signed. */
export class DownloadRefusedError extends Error {
  override readonly name = 'DownloadRefusedError';
  readonly status: number;

  constructor(status: number, answer: string) {
    super(`The store answered ${status} to a download: ${reasonOfStore(answer)}. Ask for another link.`);
    this.status = status;
  }
}

const reasonOfStore = (answer: string): string => /<Message>([^<]*)/.exec(answer)?.[1] ?? answer.slice(0, 200);
