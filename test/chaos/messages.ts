export interface CloudSettings {
  readonly dataDir: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** How often each batch of messages is handed over before it is deleted. */
  readonly deliveries: number;
}

/** End a sandbox that is at work, of the function whose logical id begins so. */
export interface ToCloud {
  readonly crash: string;
}

/** It is ready; or a sandbox was ended, or none was at work. */
export type FromCloud = { readonly apiUrl: string; readonly sqs: string } | { readonly crashed: boolean };
