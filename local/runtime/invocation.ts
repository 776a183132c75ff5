/** What came out of one invocation: the handler's answer as JSON sees it, or why there is none. */
export type InvocationResult = { readonly ok: unknown } | { readonly error: InvocationError };

/** Named as Lambda names them, so that a failure reads the same here and in CloudWatch. */
export interface InvocationError {
  /** The error's class, or `Sandbox.Timedout`, `Runtime.ExitError`, `Runtime.OutOfMemory`, … */
  readonly type: string;
  readonly message: string;
  readonly trace: readonly string[];
  readonly requestId: string;
}

/** What an invocation took that came to its end, much as Lambda's `REPORT` line tells it. */
export interface InvocationReport {
  readonly functionLogicalId: string;
  /** Of the handler alone. */
  readonly milliseconds: number;
  /** The most that the sandbox has held since its start, garbage left out: JavaScript heap and buffers. */
  readonly heldBytes: number;
}

/** Largest event and largest answer of a synchronous invocation: Lambda's 6 MB. */
export const PAYLOAD_MAX_BYTES = 6 * 1024 * 1024;

/** Lambda gives the code outside the handler so long, and then a second try in the time of the invocation. */
export const INIT_TIMEOUT_SECONDS = 10;
