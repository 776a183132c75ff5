/**
 * What crosses between the runtime and a worker thread. Events and answers travel as JSON text, as they do in Lambda.
 */
export interface BootstrapData {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** Measures every invocation. */
  readonly measures: boolean;
  /** Milliseconds of this machine that are one to the function. */
  readonly timeFactor: number;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

export interface ErrorShape {
  readonly type: string;
  readonly message: string;
  readonly trace: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: ErrorShape }
  | { readonly kind: 'measured'; readonly milliseconds: number; readonly heldBytes: number }
  | { readonly kind: 'succeeded'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: ErrorShape };
