/** The messages between the runtime and a worker thread. Events and responses are JSON text, as in Lambda. */
export interface BootstrapData {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** Whether every invocation is measured. */
  readonly measures: boolean;
  /** How many milliseconds of this machine count as one for the function. */
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
