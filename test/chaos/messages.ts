export interface CloudSettings {
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** How often each batch of messages is delivered before it is deleted. */
  readonly deliveries: number;
}

/** A request to end a sandbox that is at work, of the function whose logical id begins with this text. */
export interface ToCloud {
  readonly crash: string;
}

/** The cloud is ready, or it responds whether a sandbox was at work and ended. */
export type FromCloud = { readonly apiUrl: string; readonly sqs: string } | { readonly crashed: boolean };
