/** Time as the engine sees it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** How long the current invocation may still run. */
export interface Deadline {
  remainingMilliseconds(): number;
}

/** New ids, each different from every other ever made, ordered by time (UUIDv7). */
export interface Ids {
  newId(): string;
}
