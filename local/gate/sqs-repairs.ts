/** A thousandth of a second, in the seconds that fauxqs multiplies. */
const AT_ONCE_SECONDS = 0.001;

/**
 * Makes `ChangeMessageVisibility` to 0 the shortest timeout there is. For 0 fauxqs writes a receive count of null, which
 * its database on disk refuses after the message has left memory: it would be gone until a restart.
 */
export function visibleSoon(operation: string, body: unknown): void {
  if (operation === 'ChangeMessageVisibility') return raise(body as Visibility);
  if (operation !== 'ChangeMessageVisibilityBatch') return;
  for (const entry of (body as { Entries?: Visibility[] }).Entries ?? []) raise(entry);
}

interface Visibility {
  VisibilityTimeout?: number;
}

function raise(entry: Visibility): void {
  if (entry.VisibilityTimeout === 0) entry.VisibilityTimeout = AT_ONCE_SECONDS;
}

/**
 * Answers queue URLs of this address. fauxqs answers those of `sqs.REGION.localhost`, which not every resolver knows, and
 * after a restart those of the port it had before.
 */
export function loopbackQueueUrls(answer: unknown, host: string): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const here = (url: string): string => `http://${host}${new URL(url).pathname}`;
  if ('QueueUrl' in answer && typeof answer.QueueUrl === 'string')
    return { ...answer, QueueUrl: here(answer.QueueUrl) };
  if ('QueueUrls' in answer && Array.isArray(answer.QueueUrls)) {
    return { ...answer, QueueUrls: answer.QueueUrls.map((url) => here(String(url))) };
  }
  return answer;
}
