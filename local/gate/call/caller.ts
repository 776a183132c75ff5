import type { IncomingHttpHeaders } from 'node:http';

const CREDENTIAL = /Credential=([^/,\s]+)/;
const PRESIGNED_CREDENTIAL = /[?&]X-Amz-Credential=([^/&%]+)/;

/**
 * Returns the caller: the access key id of the signature, in the header or in a presigned URL. The signatures of
 * headers are not verified; those of presigned URLs are, elsewhere.
 */
export function callerOf(headers: IncomingHttpHeaders, url: string): string {
  const { authorization } = headers;
  const match = authorization === undefined ? PRESIGNED_CREDENTIAL.exec(url) : CREDENTIAL.exec(authorization);
  return match?.[1] ?? 'anonymous';
}
