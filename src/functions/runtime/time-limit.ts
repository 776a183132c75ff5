import { NoResponseError } from '../../aws/index.ts';
import type { Deadline } from '../../engine/index.ts';

/**
 * What `work` comes to, or an {@link NoResponseError} once the time is up. `work` itself goes on, now or when its
 * sandbox is next called, as that of a worker does whose messages went to another: every write of it is conditional, or
 * comes to the same if it is repeated. What can't be limited is work that leaves the processor to nobody.
 */
export async function finishedWithin<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NoResponseError('The time was up before every service had answered')),
      Math.max(0, milliseconds),
    );
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** A deadline that leaves so much time after it. */
export const earlier = (deadline: Deadline, milliseconds: number): Deadline => ({
  remainingMilliseconds: () => deadline.remainingMilliseconds() - milliseconds,
});
