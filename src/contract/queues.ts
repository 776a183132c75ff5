/** A message received so often without success becomes a dead letter. Ten: an outage of ten minutes passes unnoticed. */
export const MAX_RECEIVE_COUNT = 10;

/**
 * A dead letter received so often is parked. The receives of all queues that a message went through are counted together, so
 * this leaves five for the reader of dead letters.
 */
export const PARK_RECEIVE_COUNT = MAX_RECEIVE_COUNT + 5;

/**
 * How often a dead letter was received as such before, of how often the message was received at all. Moving it may count as a
 * receive or not; one too few is harmless, it only means one more try. The last receive counts as any number: after it the
 * message would be parked, so nothing is tried any more that could end its reader.
 */
export const receivedAsDeadLetterBefore = (receiveCount: number): number =>
  receiveCount >= PARK_RECEIVE_COUNT ? Infinity : Math.max(0, receiveCount - MAX_RECEIVE_COUNT - 2);
