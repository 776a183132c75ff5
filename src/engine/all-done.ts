/**
 * Like `Promise.all`, but waits for every one before it rejects with the first failure: nothing may go on after an
 * invocation has ended, or it would go on in the next one.
 */
export async function allDone<T>(promises: Iterable<T>): Promise<Awaited<T>[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
