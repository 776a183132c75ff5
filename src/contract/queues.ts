/**
 * A message that is received so often without success becomes a dead letter. With the waits of
 * {@link retryAfterSeconds} ten receives take an hour and three quarters. If the worker died each time, they are a
 * minute apart.
 */
export const MAX_RECEIVE_COUNT = 10;

/**
 * A dead letter that is received so often is parked, if it is the event of a file that has ended. SQS counts the
 * receives of all queues together that a message went through, so this leaves five for the reader of dead letters.
 */
export const PARK_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 5;

/**
 * The same for dead letters whose work is tried alone: batches and files. It allows for 25 rows that each kill three
 * workers, and for fifteen failures of services. No row and no file fails because its receives are used up.
 */
export const PARK_TRIED_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 90;

const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 15 * 60;

/**
 * How long a message stays hidden after its n-th receive, if a service failed: 1, 2, 4, 8, and then 15 minutes each.
 */
export const retryAfterSeconds = (receiveCount: number): number =>
  Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (receiveCount - 1));
