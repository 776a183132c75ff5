import { NoResponseError } from '../../aws/index.ts';
import type { Deadline } from '../../engine/index.ts';

/**
 * Resolves as `work` does, or throws a {@link NoResponseError} once the time is up. `work` itself continues, now or in
 * the next invocation. That is safe, as it is for a worker whose messages went to another one: every write is
 * conditional or repeatable. Work that never yields the processor cannot be limited.
 */
export async function limitTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NoResponseError('The time was up before every service had responded')),
      Math.max(0, milliseconds),
    );
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes a deadline that leaves so much time after it. */
export const endEarlier = (deadline: Deadline, milliseconds: number): Deadline => ({
  remainingMilliseconds: () => deadline.remainingMilliseconds() - milliseconds,
});
