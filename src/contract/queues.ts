/**
 * A message received so often without success becomes a dead letter. With the waits of {@link retryAfterSeconds} ten
 * receives last an hour and three quarters; those of a message whose worker died come a minute apart.
 */
export const MAX_RECEIVE_COUNT = 10;

/**
 * A dead letter received so often is parked. The receives of all queues that a message went through are counted
 * together, so this leaves five for the reader of dead letters. For events of files that have ended.
 */
export const PARK_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 5;

/**
 * The same for dead letters whose work is tried alone, batches and files: 25 rows of which each kills its three
 * workers, and fifteen failures of services besides. None of these receives is the last word on a row or a file.
 */
export const PARK_TRIED_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 90;

const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 15 * 60;

/**
 * How long a message stays away after its n-th receive in which a service failed: 1, 2, 4, 8 and then 15 minutes each.
 */
export const retryAfterSeconds = (receiveCount: number): number =>
  Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (receiveCount - 1));
