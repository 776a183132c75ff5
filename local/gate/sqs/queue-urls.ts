/**
 * Rewrites the queue URLs of a response to this address. fauxqs returns URLs of `sqs.REGION.localhost`, which not every
 * resolver knows, and after a restart URLs of its earlier port.
 */
export function rewriteQueueUrls(response: unknown, host: string): unknown {
  if (typeof response !== 'object' || response === null) return response;
  const here = (url: string): string => `http://${host}${new URL(url).pathname}`;
  if ('QueueUrl' in response && typeof response.QueueUrl === 'string')
    return { ...response, QueueUrl: here(response.QueueUrl) };
  if ('QueueUrls' in response && Array.isArray(response.QueueUrls)) {
    return { ...response, QueueUrls: response.QueueUrls.map((url) => here(String(url))) };
  }
  return response;
}
