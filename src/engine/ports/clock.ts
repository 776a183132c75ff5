/** Gives the engine the time. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** Says how long the current invocation may still run. */
export interface Deadline {
  remainingMilliseconds(): number;
}

/** Creates ids that are unique and ordered by time (UUIDv7). */
export interface Ids {
  newId(): string;
}
