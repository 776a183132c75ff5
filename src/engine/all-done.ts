/**
 * Works like `Promise.all`, but waits for every promise before it rejects with the first error: what still runs after
 * an invocation has ended would continue in the next one.
 */
export async function allDone<T>(promises: Iterable<T>): Promise<Awaited<T>[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
