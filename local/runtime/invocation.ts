/** The outcome of one invocation: the handler's response as parsed JSON, or the error. */
export type InvocationResult = { readonly ok: unknown } | { readonly error: InvocationError };

/** The error under the name that Lambda uses, so that a failure reads the same here and in CloudWatch. */
export interface InvocationError {
  /** The error's class, or `Sandbox.Timedout`, `Runtime.ExitError`, `Runtime.OutOfMemory`, … */
  readonly type: string;
  readonly message: string;
  readonly trace: readonly string[];
  readonly requestId: string;
}

/** The duration and memory of an invocation that ended, similar to Lambda's `REPORT` line. */
export interface InvocationReport {
  readonly functionLogicalId: string;
  /** The duration of the handler alone. */
  readonly milliseconds: number;
  /** The most that the sandbox has held since its start, garbage left out: JavaScript heap and buffers. */
  readonly heldBytes: number;
}

/** The largest event and response of a synchronous invocation: Lambda's 6 MB. */
export const PAYLOAD_MAX_BYTES = 6 * 1024 * 1024;

/**
 * The time that Lambda gives the code outside the handler, before it starts again within the time of the invocation.
 */
export const INIT_TIMEOUT_SECONDS = 10;
