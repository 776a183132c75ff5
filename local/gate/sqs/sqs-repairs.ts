/**
 * Answers queue URLs of this address. fauxqs answers those of `sqs.REGION.localhost`, which not every resolver knows,
 * and after a restart those of the port it had before.
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
